import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MatcherOptions, Matching } from '../../../src/locations/match.ts';
import { createMatcher, createPlainMatcher } from '../../../src/locations/matcher.ts';
import { createUrlKinds, type FindUrlKind } from '../../../src/locations/url-kinds.ts';
import { isUuid } from '../../../src/stores/uuid.ts';
import { cephConf, configure, fsid, imageId } from '../../support/conf-stores.ts';

/** Stores of every kind, with texts that begin like image ids or hold one. */
const configuration = `[DEFAULT]
enabled_backends = f:file, hexa:file, own:file, r:rbd, w:http, s:s3, c:cinder, v:vmware, a:cinder
[f]
filesystem_store_datadir = /srv/a
[hexa]
filesystem_store_datadir = /srv/a/1d
[own]
filesystem_store_datadir = /srv/${imageId}
[r]
rbd_store_pool = a
[s]
s3_store_host = https://h
s3_store_access_key = AK
s3_store_secret_key = s/e@c
s3_store_bucket = 1d
[v]
vmware_server_host = vc
vmware_server_username = u
vmware_server_password = p
vmware_store_image_dir = 1
vmware_datastores = dc:1d
`;
const { stores } = configure(configuration, { files: { '': cephConf } });
const { stores: usualStores } = configure(
  '[DEFAULT]\nenabled_backends = f:file, r:rbd, q:rbd, w:http\n[q]\nrbd_store_pool=vms\n',
  { files: { '': cephConf } },
);
const mappings = [{ scheme: 'ftp', prefix: 'h/1d5f0000', store: 'f' }];

function matchers(matching: Matching) {
  return {
    shared: createMatcher({ stores, matching, mappings }),
    plain: createPlainMatcher({ stores, matching, mappings }),
  };
}

const pieces = [
  'file://',
  'FILE://',
  'filesystem://',
  'rbd://',
  'http://',
  's3+https://',
  's3://',
  'cinder://',
  'vsphere://',
  'ftp://',
  '/srv/a',
  '/srv/',
  fsid,
  'a',
  '1d',
  '1d5f0000',
  'h',
  'vc',
  'c',
  'folder',
  'AK:s/e@c@',
  '@',
  ':',
  '/',
  '//',
  '..',
  '?',
  '#',
  '%',
  '%1',
  '?dcPath=dc&dsName=',
  'ID',
  'ID',
  'ID',
  imageId,
];
const ids = fc.constantFrom(
  imageId,
  '1d5f0000-aaaa-4bbb-8ccc-000000000002',
  'a1d00000-aaaa-4bbb-8ccc-000000000001',
  'FFFFFFFF-0000-4000-8000-000000000000',
  'a11ce5ed-0000-4000-8000-00000000c0de',
  fsid,
  'no-uuid',
  'srv',
  '//',
  'h',
  '',
);
const uuids = ids.filter(isUuid);
const urls = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join(''));

describe('remembered answers', () => {
  it.each(['corrected', 'glance'] as const)('are those of a fresh look (%s)', (matching) => {
    const { shared, plain } = matchers(matching);
    fc.assert(
      fc.property(urls, ids, (template, id) => {
        const url = template.replaceAll('ID', id);
        expect(shared(url, id)).toEqual(plain(url, id));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each(['corrected', 'glance'] as const)('do not pass from image to image (%s)', (matching) => {
    const { shared, plain } = matchers(matching);
    const likely = [
      'file:///srv/aID',
      'file:///srv/ID',
      'file:///srv/ID/x',
      'file:///srv/a/ID',
      's3+https://h/ID',
      's3+https://h/1d/ID',
      'cinder://ID/v',
      'cinder://cID',
      `rbd://${fsid}/ID/x`,
      'rbd://ID/a/x',
      'http://h/ID',
      'vsphere://vc/folder/1/ID?dcPath=dc&dsName=1d',
      'ftp://h/ID',
      'file:///srv/%ID',
      'httpID://x',
    ];
    const all = [
      imageId,
      '1d5f0000-aaaa-4bbb-8ccc-000000000002',
      'a1d00000-aaaa-4bbb-8ccc-000000000001',
      fsid,
    ];
    for (const template of likely) {
      for (const id of [...all, ...all]) {
        const url = template.replaceAll('ID', id);
        expect(shared(url, id), url).toEqual(plain(url, id));
      }
    }
  });

  it('do not pass from image to image where a prefix is known to Glance alone', () => {
    const { stores: blind } = configure(`[DEFAULT]
enabled_backends = ties:file, disk:file, blind:rbd, any:rbd
[ties]\nfilesystem_store_datadir =\nfilesystem_store_datadirs = /srv/1d:1\nfilesystem_store_datadirs = /x:1
[disk]\nfilesystem_store_datadir = /srv
[blind]\nrbd_store_pool = ${imageId}
[any]\nrbd_store_pool =\n`);
    const options = { stores: blind, matching: 'glance', mappings: [] } as const;
    const [shared, plain] = [createMatcher(options), createPlainMatcher(options)];
    const others = ['a1d00000-aaaa-4bbb-8ccc-000000000001', '1d5f0000-aaaa-4bbb-8ccc-000000000002'];
    for (const template of ['file:///srv/ID', 'rbd://f/ID/x', 'rbd://ID/images/x']) {
      for (const id of [...others, imageId, ...others]) {
        const url = template.replaceAll('ID', id);
        expect(shared(url, id), url).toEqual(plain(url, id));
      }
    }
  });

  it('are not shared by stores that look at the image id', () => {
    const seeded = configure(`[DEFAULT]\nenabled_backends = sw:swift\n[sw]
swift_store_auth_address = https://ks\nswift_store_user = t:u\nswift_store_key = k
swift_store_multiple_containers_seed = 1\n`);
    const matcher = createMatcher({ stores: seeded.stores, matching: 'corrected', mappings: [] });
    const url = (id: string) => `swift+https://t%3Au:k@ks/glance_1/${id}`;
    const other = imageId.replace('1', '2');
    expect(matcher(url(imageId), imageId).kind).toBe('one');
    expect(matcher(url(other), other).kind).toBe('none');
  });

  it('are used: one kind of URL is judged once', () => {
    const { match, count } = countingMatch();
    for (const id of imageIds(1000)) match(`http://h/${id}`, id);
    expect(count()).toBe(1);
  });

  it('are used also where one store’s directory lies in another’s', () => {
    const { stores: nested } = configure(`[DEFAULT]\nenabled_backends = outer:file, inner:file
[outer]\nfilesystem_store_datadir = /srv\n[inner]\nfilesystem_store_datadir = /srv/fast\n`);
    const { match, count } = countingMatch(nested);
    for (const id of imageIds(100)) match(`file:///srv/${id}`, id);
    expect(count()).toBe(1);
  });

  it('are forgotten when there are too many, so that memory is bounded', () => {
    const { match, count } = countingMatch();
    for (const id of imageIds(5000)) match(`http://${id.slice(-4)}/${id}`, id);
    match(`http://0000/${imageId}`, imageId);
    expect(count()).toBe(5001);
  });

  it('are right after they were forgotten', () => {
    const { shared, plain } = matchers('corrected');
    for (const id of imageIds(10_000)) {
      const url = `http://h/${id.slice(-5)}/${id}`;
      expect(shared(url, id)).toEqual(plain(url, id));
    }
  });
});

describe('a kind', () => {
  it.each(['corrected', 'glance'] as const)(
    'says what a fresh look says, for every image but its exceptions (%s)',
    (matching) => {
      const options = { stores, matching, mappings };
      const [plain, findKind] = [createPlainMatcher(options), findKinds(options)];
      fc.assert(
        fc.property(urls, uuids, uuids, (template, id, other) => {
          const kind = findKind(template.replaceAll('ID', id), id);
          if (kind === undefined || kind.exceptions.includes(other.toLowerCase())) return;
          const url = kind.head + other + kind.tail;
          expect(plain(url, other), url).toEqual(kind.match);
        }),
        { numRuns: 20_000 },
      );
    },
  );

  it('has no exceptions for the cluster that its URLs are in', () => {
    const findKind = findKinds({ stores: usualStores, matching: 'corrected', mappings: [] });
    const [id = ''] = imageIds(1);
    expect(findKind(`rbd://${fsid}/images/${id}/snap`, id)?.exceptions).toEqual([]);
    expect(findKind(`file:///var/lib/glance/images/${id}`, id)?.exceptions).toEqual([]);
  });

  it('excepts an image whose directory is another store, and one that a mapping names', () => {
    const { stores: nested } = configure(`[DEFAULT]\nenabled_backends = outer:file, inner:file
[outer]\nfilesystem_store_datadir = /srv\n[inner]\nfilesystem_store_datadir = /srv/${imageId}\n`);
    const [id = '', mapped = ''] = imageIds(2);
    const mapping = { scheme: 'file', prefix: `/old/${mapped}/`, store: 'outer' };
    const findKind = findKinds({ stores: nested, matching: 'corrected', mappings: [mapping] });
    expect(findKind(`file:///srv//${id}/x`, id)?.exceptions).toEqual([mapped, imageId]);
    expect(findKind(`http://h/${id}`, id)?.exceptions).toEqual([mapped]);
  });

  it('with Glance’s rule excepts every image that the configuration names', () => {
    const findKind = findKinds({ stores: usualStores, matching: 'glance', mappings: [] });
    const [id = ''] = imageIds(1);
    expect(findKind(`rbd://${fsid}/images/${id}/snap`, id)?.exceptions).toEqual([fsid]);
  });
});

function findKinds(options: MatcherOptions): FindUrlKind {
  return createUrlKinds(createPlainMatcher(options), options);
}

function countingMatch(stores = usualStores) {
  let judged = 0;
  const matcher = () => {
    judged++;
    return { kind: 'not-a-url' } as const;
  };
  return {
    match: createUrlKinds(matcher, { stores, mappings: [], matching: 'corrected' }),
    count: () => judged,
  };
}

function imageIds(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `1d000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`,
  );
}
