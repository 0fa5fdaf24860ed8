import { describe, expect, it } from 'vitest';
import { configure, imageId, inWords, matcherOf } from '../../../support/conf-stores.ts';

function prefixOf(options: string): unknown {
  const { stores } = configure(`[DEFAULT]\nenabled_backends = f:file\n[f]\n${options}`);
  return stores[0]?.urlPrefix;
}

describe('the prefix of a file store', () => {
  it.each([
    ['', 'file:///var/lib/glance/images'],
    ['filesystem_store_datadir = /srv/a/', 'file:///srv/a/'],
    ['filesystem_store_datadir = images', 'file://images'],
    [
      'filesystem_store_datadir =\nfilesystem_store_datadirs = /a:1\nfilesystem_store_datadirs = /b:20\n',
      'file:///b',
    ],
    ['filesystem_store_datadir =\nfilesystem_store_datadirs = /a: 7 \n', 'file:///a'],
    ['filesystem_store_datadir =\nfilesystem_store_datadirs = /a:b:-7\n', 'file:///a:b'],
    [
      'filesystem_store_datadir =\nfilesystem_store_datadirs = /a\nfilesystem_store_datadirs = /a\n',
      'file:///a',
    ],
  ])('with %j is %s', (options, value) => {
    expect(prefixOf(options)).toEqual({ kind: 'known', value });
  });

  it.each([
    ['filesystem_store_datadir =\n', 'neither'],
    ['filesystem_store_datadirs = /a:1\n', 'both'],
    ['filesystem_store_datadir =\nfilesystem_store_datadirs = /a:high\n', '"high" is no priority'],
    ['filesystem_store_datadir =\nfilesystem_store_datadirs = :1\n', 'names no directory'],
    [
      'filesystem_store_datadir =\nfilesystem_store_datadirs = /a:1\nfilesystem_store_datadirs = /a:2\n',
      '"/a" has two priorities',
    ],
  ])('is none with %j: %s', (options, why) => {
    expect(prefixOf(options)).toEqual({
      kind: 'none',
      why: expect.stringContaining(why) as string,
    });
  });

  it('is not known where free space decides, and the store matches all the same', () => {
    const options =
      'filesystem_store_datadir =\nfilesystem_store_datadirs = /a:1\nfilesystem_store_datadirs = /b:1\n';
    expect(prefixOf(options)).toEqual({
      kind: 'unknown',
      why:
        'Glance uses whichever has more free space of /a, /b, which have the same priority; ' +
        'the corrected rule takes each of them',
      mayBe: [
        { start: 'file:///a', end: '' },
        { start: 'file:///b', end: '' },
      ],
    });
    const matcher = matcherOf(`[DEFAULT]\nenabled_backends = f:file\n[f]\n${options}`);
    // Whether Glance would choose it, too, is not known: that is no deviation.
    expect(matcher(`file:///b/${imageId}`, imageId)).toEqual({
      kind: 'one',
      store: 'f',
      deviation: null,
    });
  });
});

describe('which URLs are a file store’s', () => {
  const belowNone =
    'one: the path is not below "/images"; two: the path is not below "/images2"; ' +
    'deep: the path is not below "/images/deep"; many: the path is not below "/mnt/a" or "/mnt/b"';
  const matcher = matcherOf(`[DEFAULT]
enabled_backends = one:file, two:file, deep:file, many:file
[one]
filesystem_store_datadir = /images
[two]
filesystem_store_datadir = /images2/
[deep]
filesystem_store_datadir = /images/deep
[many]
filesystem_store_datadir =
filesystem_store_datadirs = /mnt/a:100
filesystem_store_datadirs = /mnt/b:200
`);

  it.each([
    ['file:///images/ID', 'one', null],
    ['file:///images/sub/ID', 'one', null],
    ['file:///images2/ID', 'two', 'path-boundary'],
    ['file:///images/deep/ID', 'deep', 'most-specific'],
    ['file:///images/deeper/ID', 'one', null],
    ['file:///mnt/b/ID', 'many', null],
    ['file:///mnt/a/ID', 'many', 'all-datadirs'],
    ['filesystem:///images/ID', 'one', 'scheme-synonym'],
    ['FILE:///images/ID', 'one', 'scheme-synonym'],
    ['file:////images//ID', 'one', 'path-spelling'],
    ['file:///images/..ID', 'one', null],
  ])('%s lies in %s (%s)', (url, store, rule) => {
    const match = matcher(url.replace('ID', imageId), imageId);
    expect(match).toMatchObject({ kind: 'one', store });
    expect(match.kind === 'one' && match.deviation?.rule).toBe(rule ?? undefined);
  });

  it.each([
    ['file:///images2-old/ID', 'the path is not below "/images2"'],
    ['file:///imagesID', 'the path is not below "/images"'],
    ['file:///images', 'the path is not below "/images"'],
    ['file:///images/', 'the path is not below "/images"'],
    ['file://images/ID', belowNone],
    ['file:///Images/ID', belowNone],
    ['file:///images/../etc/ID', 'the path holds "." or ".."'],
    ['file:///images/./ID', 'the path holds "." or ".."'],
    ['file:///srv/../images/ID', belowNone],
    ['file:///mnt/c/ID', 'the path is not below "/mnt/a" or "/mnt/b"'],
    ['file:/images/ID', 'the URL does not begin with file://'],
    ['file:///images%2FID', 'the path is not below "/images"'],
  ])('%s lies in none: %s', (url, reason) => {
    const said = inWords(matcher(url.replace('ID', imageId), imageId));
    // Of several stores that are equally near each has its reason.
    expect(said).toMatch(/^none: /);
    expect(said).toContain(reason);
  });

  it('are those of a directory with .. in its own name, too', () => {
    const odd = matcherOf(
      '[DEFAULT]\nenabled_backends = f:file\n[f]\nfilesystem_store_datadir = /srv/../images\n',
    );
    expect(inWords(odd(`file:///srv/../images/${imageId}`, imageId))).toBe('f');
  });
});
