import { describe, expect, it } from 'vitest';
import { parseMappings, readMapOption } from '../../../src/locations/mappings.ts';
import { createMatcher } from '../../../src/locations/matcher.ts';
import { mapPrefixOf, suggestMap } from '../../../src/report/map-suggestion.ts';
import { cephConf, configure, fsid, imageId, inWords } from '../../support/conf-stores.ts';

const volume = '9b1f0000-aaaa-4bbb-8ccc-000000000002';

const { stores } = configure(
  `[DEFAULT]
enabled_backends = ceph:rbd, img:s3, disk:file, deep:file, vol:cinder, sw:swift, vc:vmware
[ceph]
rbd_store_ceph_conf = ceph.conf
[img]
s3_store_host = https://s3.example.com
s3_store_access_key = AK
s3_store_secret_key = SK
s3_store_bucket = img
[disk]
filesystem_store_datadir = /srv/images
[deep]
filesystem_store_datadir = /old/deep
[sw]
swift_store_auth_address = https://keystone/v3
swift_store_user = services:glance
swift_store_key = K
[vc]
vmware_server_host = vc.example.com
vmware_server_username = u
vmware_server_password = p
vmware_datastores = DC1:ssd
`,
  { files: { 'ceph.conf': cephConf } },
);

const match = createMatcher({ stores, matching: 'corrected', mappings: [] });

/** What the report would advise for a URL, be it the only unmatched one. */
function adviceFor(url: string): string | null {
  const found = match(url, imageId);
  if (found.kind !== 'none') throw new Error(`${url} is matched: ${inWords(found)}`);
  const kind = {
    shape: url,
    mapPrefix: mapPrefixOf(url, imageId),
    nearestStore: found.nearestStore,
  };
  return suggestMap(kind, stores, [kind]);
}

/** What becomes of a URL once the advice is followed; STORE is replaced as an operator would. */
function follow(advice: string, url: string, store: string): string {
  const option = advice
    .replace(/^--map '?/, '')
    .replace(/'$/, '')
    .replace('=STORE', `=${store}`);
  const { mappings, mistakes } = parseMappings([readMapOption(option)], stores);
  expect(mistakes).toEqual([]);
  return inWords(createMatcher({ stores, matching: 'corrected', mappings })(url, imageId));
}

describe('the remedy for unmatched rows', () => {
  it.each([
    [`rbd://${fsid}/old-images/${imageId}/snap`, `--map rbd://${fsid}/old-images=`, 'ceph'],
    [`rbd://${imageId}`, '--map rbd://=', 'ceph'],
    [`cinder://${volume}`, '--map cinder://=', 'vol'],
    [`cinder://gone/${volume}`, '--map cinder://gone=', 'vol'],
    [
      `s3+https://AK:S/K@s3.example.com/img-old/${imageId}`,
      '--map s3+https://s3.example.com/img-old=',
      'img',
    ],
    [`s3+https://AK:SK@elsewhere/img/${imageId}`, '--map s3+https://elsewhere/img=', 'img'],
    [
      `swift://services%3Aglance:K@keystone/v3/old/${imageId}`,
      '--map swift+https://keystone/v3/old=',
      'sw',
    ],
    [`filesystem:///srv/images 2/${imageId}`, "--map 'file:///srv/images 2=", 'disk'],
    ['file:///srv/name-of-no-image', '--map file:///srv=', 'disk'],
    [
      `vsphere://vc.example.com/folder/openstack_glance/${imageId}?dcPath=DC1&dsName=hdd`,
      '--map vsphere://vc.example.com/folder/openstack_glance=',
      'vc',
    ],
  ])('of %s settles them', (url, option, store) => {
    const advice = adviceFor(url);
    expect(advice).toContain(option);
    expect(follow(advice ?? '', url, store)).toBe(store);
  });

  it.each([
    ['that would take what lies deeper in another store', `file:///old/${imageId}`],
    ['where no enabled store takes such URLs', `gs://bucket/${imageId}`],
    [
      'in a directory that Glance reserves',
      `file:///var/lib/glance/images/os_glance_staging_store/${imageId}`,
    ],
    ['where the path leads elsewhere', `file:///srv/images/../x/${imageId}`],
    ['of a host without a bucket', `s3+https://s3.example.com/${imageId}`],
    ['where nobody can tell credentials from the path', `s3+https://AK:SK/img/${imageId}`],
    ['that holds what a terminal would obey', `file:///mnt/\u202e\u001b[2J/${imageId}`],
  ])('is not given %s', (_where, url) => {
    expect(
      suggestMap(
        { shape: url, mapPrefix: mapPrefixOf(url, imageId), nearestStore: null },
        stores,
        undefined,
      ),
    ).toBeNull();
  });

  it('takes a whole scheme only where it is known to mean one kind of URL and one store', () => {
    const old = { shape: 'rbd://<id>', mapPrefix: 'rbd://', nearestStore: null };
    const other = { shape: 'rbd://<fsid>/x/<id>/snap', mapPrefix: 'rbd://f/x', nearestStore: null };
    const [ceph] = stores;
    if (ceph === undefined) throw new Error('there is a store');
    expect(suggestMap(old, stores, [old])).toBe('--map rbd://=STORE');
    expect(suggestMap(old, stores, [old, other])).toBeNull();
    expect(suggestMap(old, stores, undefined)).toBeNull();
    expect(suggestMap(old, [...stores, { ...ceph, id: 'ceph2' }], [old])).toBeNull();
  });

  it('holds no credentials', () => {
    expect(mapPrefixOf(`s3://AK:s3cr3t/x@h/b/${imageId}?key=s3cr3t`, imageId)).toBe('s3://h/b');
  });
});
