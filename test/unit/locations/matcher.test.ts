import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../../src/locations/matcher.ts';
import type { Mapping } from '../../../src/locations/mappings.ts';
import {
  cephConf,
  configure,
  fsid,
  imageId,
  inWords,
  matcherOf,
} from '../../support/conf-stores.ts';

function files(directories: Readonly<Record<string, string>>): string {
  const ids = Object.keys(directories);
  const groups = ids.map((id) => `[${id}]\nfilesystem_store_datadir = ${directories[id] ?? ''}\n`);
  return `[DEFAULT]\nenabled_backends = ${ids.map((id) => `${id}:file`).join(',')}\n${groups.join('')}`;
}

describe('the corrected rule', () => {
  it('chooses the most specific of several stores, whatever their order', () => {
    const matcher = matcherOf(files({ outer: '/srv', inner: '/srv/a' }));
    expect(matcher(`file:///srv/a/${imageId}`, imageId)).toEqual({
      kind: 'one',
      store: 'inner',
      deviation: { rule: 'most-specific', glanceStore: 'outer', store: 'inner' },
    });
    expect(matcher(`file:///srv/b/${imageId}`, imageId)).toEqual({
      kind: 'one',
      store: 'outer',
      deviation: null,
    });
  });

  it('chooses none of two that are equally specific', () => {
    const matcher = matcherOf(files({ a: '/srv', b: '/srv/' }));
    expect(matcher(`file:///srv/${imageId}`, imageId)).toEqual({
      kind: 'many',
      stores: ['a', 'b'],
      deviation: { rule: 'equal-prefixes', glanceStore: 'a', store: null },
    });
  });

  it('names no deviation where neither it nor Glance chooses a store', () => {
    const matcher = matcherOf(files({ a: '/srv', b: '/srv/' }));
    expect(matcher(`FILE:///srv/${imageId}`, imageId)).toMatchObject({ deviation: null });
    expect(matcher(`file:///x/${imageId}`, imageId)).toMatchObject({ deviation: null });
  });

  it('tells where Glance would write a store in which the URL does not lie', () => {
    const matcher = matcherOf(files({ a: '/images' }));
    expect(matcher(`file:///images2/${imageId}`, imageId)).toEqual({
      kind: 'none',
      reason: 'the path is not below "/images"',
      nearestStore: 'a',
      deviation: { rule: 'path-boundary', glanceStore: 'a', store: null },
    });
  });

  it.each(['', '/srv/a/1', 'http', 'gAAAAAB', '{}'])('takes %j for no URL', (value) => {
    expect(matcherOf(files({ a: '/srv' }))(value, imageId)).toEqual({ kind: 'not-a-url' });
  });

  it('has no store for a scheme that no enabled store takes', () => {
    const matcher = matcherOf('[DEFAULT]\nenabled_backends = a:http\n');
    expect(inWords(matcher('ftp://h/x', imageId))).toBe('none: no enabled store takes ftp URLs');
    expect(inWords(matcher('file:///srv/x', imageId))).toBe(
      'none: no enabled store takes file URLs',
    );
  });

  it('tells what is wrong with the only store that could be meant', () => {
    const matcher = matcherOf('[DEFAULT]\nenabled_backends = s:s3\n[s]\ns3_store_host = h\n');
    expect(matcher(`s3://h/b/${imageId}`, imageId)).toMatchObject({
      kind: 'none',
      reason: 'store s is out of order; "stores" says why',
      nearestStore: null,
    });
  });

  it('tells of a malformed URL that it is one, whether or not a store is out of order', () => {
    const matcher = matcherOf('[DEFAULT]\nenabled_backends = s:s3\n[s]\ns3_store_host = h\n');
    expect(inWords(matcher(`s3:h/b/${imageId}`, imageId))).toBe(
      'none: the URL does not begin with s3://',
    );
  });

  it('names all stores that could be meant where all are out of order', () => {
    const matcher = matcherOf('[DEFAULT]\nenabled_backends = s:s3, t:s3\n');
    expect(inWords(matcher(`s3://h/b/${imageId}`, imageId))).toBe(
      'none: stores s, t are out of order; "stores" says why',
    );
  });

  it('tells how the URL differs from each store when it is near to none', () => {
    const matcher = matcherOf(`[DEFAULT]
enabled_backends = a:file, b:file, none:file, c:file, d:file, e:file, f:file
[b]\nfilesystem_store_datadir = /mnt/b
[none]\nfilesystem_store_datadir =
[c]\nfilesystem_store_datadir = /mnt/c
[d]\nfilesystem_store_datadir = /mnt/d
[f]\nfilesystem_store_datadir = /mnt/f\n`);
    expect(matcher(`file:///srv/${imageId}`, imageId)).toMatchObject({
      reason:
        'a, e: the path is not below "/var/lib/glance/images"; b: the path is not below "/mnt/b"; ' +
        'none: the store is out of order; c: the path is not below "/mnt/c"; …',
      nearestStore: null,
    });
    expect(matcher(`file:///mnt/bb/${imageId}`, imageId)).toMatchObject({
      reason: 'the path is not below "/mnt/b"',
      nearestStore: 'b',
    });
  });

  it('names no store by chance where several are equally near', () => {
    const matcher = matcherOf(files({ east: '/mnt/images/east', west: '/mnt/images/west' }));
    expect(matcher(`file:///mnt/images/north/${imageId}`, imageId)).toMatchObject({
      reason:
        'east: the path is not below "/mnt/images/east"; west: the path is not below "/mnt/images/west"',
      nearestStore: null,
    });
  });

  it('gives a reason of bounded length without the image id', () => {
    const matcher = matcherOf('[DEFAULT]\nenabled_backends = c:cinder\n');
    const match = matcher(`cinder://${'x'.repeat(5000)}${imageId}/v`, imageId);
    expect(match.kind === 'none' && match.reason.length).toBe(301);
    expect(inWords(matcher(`cinder://x${imageId}/v`, imageId))).toBe(
      'none: the URL names store "x<id>", not "c"',
    );
  });
});

describe('reserved stores', () => {
  const reserved = (id: string) =>
    `none: the path is in the directory of ${id}, which Glance reserves for itself, and no enabled store has one so deep`;

  it.each([
    ['file:///var/lib/glance/images/ID', reserved('os_glance_staging_store')],
    ['file:///var/lib/glance/os_glance_staging_store/ID', reserved('os_glance_staging_store')],
    ['file:///var/lib/glance/os_glance_tasks_store/ID', reserved('os_glance_tasks_store')],
    ['file:///var/lib/glance/other/ID', 'all'],
  ])('keep a wider store from taking %s', (url, expected) => {
    const matcher = matcherOf(files({ all: '/var/lib/glance' }));
    expect(inWords(matcher(url.replace('ID', imageId), imageId))).toBe(expected);
  });

  it('do not keep an enabled store from its own directory', () => {
    const matcher = matcherOf(files({ a: '/var/lib/glance/images' }));
    expect(inWords(matcher(`file:///var/lib/glance/images/${imageId}`, imageId))).toBe('a');
  });

  it('leave Zed’s directory alone once their own group names another', () => {
    const group = '[os_glance_tasks_store]\nfilesystem_store_datadir = /srv/tasks\n';
    const matcher = matcherOf(files({ all: '/var/lib/glance' }) + group);
    const url = `file:///var/lib/glance/os_glance_tasks_store/${imageId}`;
    expect(inWords(matcher(url, imageId))).toBe('all');
  });

  it('do not count as a choice of Glance’s that was mended by being more specific', () => {
    const matcher =
      matcherOf(`[DEFAULT]\nenabled_backends = many:file\n[many]\nfilesystem_store_datadir =
filesystem_store_datadirs = /var/lib/glance/images:1\nfilesystem_store_datadirs = /b:2\n`);
    expect(matcher(`file:///var/lib/glance/images/${imageId}`, imageId)).toEqual({
      kind: 'one',
      store: 'many',
      deviation: { rule: 'all-datadirs', glanceStore: 'os_glance_staging_store', store: 'many' },
    });
  });

  it('are told where Glance would write them', () => {
    const matcher = matcherOf('[DEFAULT]\nenabled_backends = a:http\n');
    expect(matcher(`file:///var/lib/glance/images/${imageId}`, imageId)).toMatchObject({
      kind: 'none',
      deviation: { rule: 'reserved-store', glanceStore: 'os_glance_staging_store', store: null },
    });
  });
});

describe('Glance’s own rule', () => {
  const { stores } = configure(files({ outer: '/srv', inner: '/srv/a' }));
  const matcher = createMatcher({ stores, matching: 'glance', mappings: [] });

  it.each([
    ['file:///srv/a/ID', 'outer'],
    ['file:///srv2/ID', 'outer'],
    ['file:///srv', 'outer'],
    ['FILE:///srv/ID', 'none: the URL begins with the prefix of no enabled store'],
    ['filesystem:///srv/ID', 'none: the URL begins with the prefix of no enabled store'],
    ['ftp://h/ID', 'none: the URL begins with the prefix of no enabled store'],
    ['/srv/ID', 'no URL'],
  ])('gives %s: %s', (url, expected) => {
    const match = matcher(url.replace('ID', imageId), imageId);
    expect(inWords(match)).toBe(expected);
    expect(match.kind === 'one' && match.deviation).not.toBeTruthy();
  });

  it('but for reserved stores, which are no target', () => {
    expect(matcher(`file:///var/lib/glance/images/${imageId}`, imageId)).toEqual({
      kind: 'none',
      reason:
        'the URL begins with the prefix of os_glance_staging_store only, which Glance reserves for itself',
      nearestStore: null,
      deviation: { rule: 'reserved-store', glanceStore: 'os_glance_staging_store', store: null },
    });
  });
});

describe('Glance’s own rule, where a store’s prefix is known to Glance alone', () => {
  const conf = `[DEFAULT]
enabled_backends = first:rbd, blind:rbd, up:rbd, other:rbd, ties:file, disk:file, sw:swift, late:swift
[first]
rbd_store_pool = images
[blind]
rbd_store_ceph_conf = gone.conf
[up]
rbd_store_pool = images
rbd_store_ceph_conf = up.conf
[other]
rbd_store_pool = images2
[ties]
filesystem_store_datadir =
filesystem_store_datadirs = /mnt/a:1
filesystem_store_datadirs = /mnt/b:1
[disk]
filesystem_store_datadir = /mnt
[sw]
swift_store_config_file = gone.conf
[late]
swift_store_config_file = swift.conf
`;
  const upFsid = '99999999-2222-3333-4444-555555555555';
  const surroundings = {
    files: {
      '': cephConf,
      'up.conf': `[global]\nfsid = ${upFsid}\n`,
      'swift.conf': '[ref1]\nuser = t:u\nkey = k\nauth_address = https://ks\n',
    },
  };
  const matcherWith = (rbdFsids: readonly string[]) => {
    const { stores } = configure(conf, { ...surroundings, rbdFsids });
    return createMatcher({ stores, matching: 'glance', mappings: [] });
  };

  it.each([
    [`rbd://${fsid}/images/ID/snap`, 'first'],
    [`rbd://${upFsid}/images/ID/snap`, 'blind?'],
    [`rbd://${fsid}/images2/ID/snap`, 'other'],
    [`rbd://${upFsid}/images2/ID/snap`, 'none'],
    ['file:///mnt/a/ID', 'ties?'],
    ['file:///mnt/b2/ID', 'ties?'],
    ['file:///mnt/c/ID', 'disk'],
    ['swift+config://ref1/glance/ID', 'sw?'],
    ['swift+config://ref2/glance/ID', 'none'],
  ])('%s: %s', (url, expected) => {
    const match = matcherWith([])(url.replace('ID', imageId), imageId);
    const words = inWords(match).replace(/^none: Glance may take the URL for store (\w+).*/, '$1?');
    expect(words.replace(/^none: .*/, 'none')).toBe(expected);
  });

  it('says which store it is, what is not known and how to tell it', () => {
    expect(matcherWith([])(`rbd://${upFsid}/images/${imageId}/snap`, imageId)).toEqual({
      kind: 'none',
      reason:
        "Glance may take the URL for store blind, whose prefix is not known here: the cluster's fsid is not " +
        'known (gone.conf: there is no such file); ask the cluster with "ceph --conf gone.conf fsid" and say it ' +
        'with --rbd-fsid blind=<fsid>, or blind=unreachable where Glance cannot ask it either',
      nearestStore: 'blind',
      deviation: null,
    });
  });

  it.each([
    [`blind=${upFsid}`, 'blind'],
    ['blind=unreachable', 'up'],
  ])('goes by what the operator says of it: %s', (rbdFsid, store) => {
    const matcher = matcherWith([rbdFsid]);
    expect(inWords(matcher(`rbd://${upFsid}/images/${imageId}/snap`, imageId))).toBe(store);
  });
});

describe('the operator’s mapping', () => {
  const { stores } = configure(
    '[DEFAULT]\nenabled_backends = a:file, vol:cinder, vol2:cinder\n[a]\nfilesystem_store_datadir = /srv\n',
  );
  const mappings: readonly Mapping[] = [
    { scheme: 'cinder', prefix: '99999999-0000-4000-8000-000000000000', store: 'vol2' },
    { scheme: 'cinder', prefix: 'vol', store: 'vol2' },
    { scheme: 'file', prefix: '/srv/old', store: 'vol' },
    { scheme: 'ftp', prefix: '', store: 'a' },
  ];
  const matcher = createMatcher({ stores, matching: 'corrected', mappings });

  it.each([
    ['cinder://99999999-0000-4000-8000-000000000000', 'vol2', null],
    ['cinder://vol/v', 'vol2', 'vol'],
    ['file:///srv/old/ID', 'vol', 'a'],
    ['ftp://anything/ID', 'a', null],
  ])('settles %s for %s, beating every other rule', (url, store, glanceStore) => {
    expect(matcher(url.replace('ID', imageId), imageId)).toEqual({
      kind: 'one',
      store,
      deviation: { rule: 'mapping', glanceStore, store },
    });
  });

  it('says nothing of other URLs', () => {
    expect(inWords(matcher(`file:///srv/older/${imageId}`, imageId))).toBe('a');
    expect(inWords(matcher(`file:///srv/old/../${imageId}`, imageId))).toMatch(/^none/);
  });

  it('is no deviation where Glance says the same', () => {
    const same = createMatcher({
      stores,
      matching: 'corrected',
      mappings: [{ scheme: 'file', prefix: '/srv', store: 'a' }],
    });
    expect(same(`file:///srv/${imageId}`, imageId)).toMatchObject({ deviation: null });
  });
});
