import { describe, expect, it } from 'vitest';
import {
  cephConf,
  configure,
  fsid,
  imageId,
  inWords,
  matcherOf,
} from '../../../support/conf-stores.ts';

const files = { '': cephConf, '/etc/ceph/ceph.conf': cephConf, 'empty.conf': '[global]\n' };

function prefixOf(options: string, rbdFsids: readonly string[] = []): unknown {
  const text = `[DEFAULT]\nenabled_backends = ceph:rbd\n[ceph]\n${options}`;
  return configure(text, { files, rbdFsids }).stores[0]?.urlPrefix;
}

describe('the prefix of an rbd store', () => {
  it.each([
    ['', `rbd://${fsid}/images/`],
    ['rbd_store_pool = my pool', `rbd://${fsid}/my%20pool/`],
    ['rbd_store_pool = x/y', `rbd://${fsid}/x%2Fy/`],
    ['rbd_store_pool =', 'rbd://'],
  ])('with %j is %s', (options, value) => {
    expect(prefixOf(options)).toEqual({ kind: 'known', value });
  });

  it('has the fsid that --rbd-fsid says, whatever the files say', () => {
    const other = 'AAAAAAAA-2222-3333-4444-555555555555';
    expect(prefixOf('', [`ceph=${other}`])).toEqual({
      kind: 'known',
      value: `rbd://${other.toLowerCase()}/images/`,
    });
  });

  it.each([
    [
      'rbd_store_ceph_conf = empty.conf\nrbd_store_user = glance\n',
      "the cluster's fsid is not known (empty.conf has no valid fsid under [global]); ask the cluster with " +
        '"ceph --conf empty.conf --id glance fsid" and say it with --rbd-fsid ceph=<fsid>, ' +
        'or ceph=unreachable where Glance cannot ask it either',
      '/images/',
    ],
    [
      'rbd_store_ceph_conf = gone.conf\n',
      "the cluster's fsid is not known (gone.conf: there is no such file); ask the cluster with " +
        '"ceph --conf gone.conf fsid" and say it with --rbd-fsid ceph=<fsid>, ' +
        'or ceph=unreachable where Glance cannot ask it either',
      '/images/',
    ],
    [
      'rbd_store_ceph_conf = gone.conf\nrbd_store_pool = my pool\n',
      expect.any(String) as string,
      '/my%20pool/',
    ],
    ['rbd_store_ceph_conf = gone.conf\nrbd_store_pool =\n', expect.any(String) as string, ''],
  ])('is unknown with %j, and the message says how to learn the fsid', (options, why, end) => {
    const mayBe = [{ start: 'rbd://', end }];
    expect(prefixOf(options)).toEqual({ kind: 'unknown', why, mayBe });
  });

  it('is none where --rbd-fsid says that Glance cannot reach the cluster, whatever the files say', () => {
    expect(prefixOf('', ['ceph=unreachable'])).toEqual({
      kind: 'none',
      why: 'Glance cannot reach the cluster, as --rbd-fsid says',
    });
  });
});

describe('which URLs are an rbd store’s', () => {
  const matcher = matcherOf(
    `[DEFAULT]
enabled_backends = a:rbd, b:rbd, quoted:rbd, poolless:rbd
[a]
rbd_store_pool = vm
[b]
rbd_store_pool = vms
[quoted]
rbd_store_pool = my pool
[poolless]
rbd_store_pool =
`,
    { files },
  );

  it.each([
    [`rbd://${fsid}/vm/ID/snap`, 'a'],
    [`rbd://${fsid}/vms/ID/snap`, 'b'],
    [`rbd://${fsid}/my%20pool/ID/snap`, 'quoted'],
    [`rbd://${fsid}/my pool/ID/snap`, 'quoted'],
    [`RBD://${fsid.toUpperCase()}/vm/ID/snap`, 'a'],
    [`rbd://${fsid}/vmsx/ID/snap`, 'none: pool "vmsx" is not "vms"'],
    [`rbd://${fsid}/v/ID/snap`, 'none: pool "v" is not "vm"'],
    [`rbd://${fsid}/my+pool/ID/snap`, 'none: pool "my+pool" is not "my pool"'],
    [`rbd://${fsid}/vm`, 'none: the URL names no rbd image'],
    [
      'rbd://aaaaaaaa-2222-3333-4444-555555555555/vm/ID/snap',
      `none: a, b, quoted: cluster "aaaaaaaa-2222-3333-4444-555555555555" is not "${fsid}"; ` +
        'poolless: the store has no rbd_store_pool',
    ],
    [
      'rbd://ID',
      'none: a, b, quoted: the URL is of the old form that names neither cluster nor pool; ' +
        'poolless: the store has no rbd_store_pool',
    ],
  ])('%s lies in %s', (url, expected) => {
    expect(inWords(matcher(url.replace('ID', imageId), imageId))).toBe(expected);
  });

  it('are never those of a store without pool, which Glance gives every rbd URL', () => {
    expect(matcher(`rbd://${fsid}/old/${imageId}/snap`, imageId)).toMatchObject({
      kind: 'none',
      deviation: { rule: 'rbd-pool', glanceStore: 'poolless', store: null },
    });
  });

  it('are none while the fsid is not known', () => {
    const blind = matcherOf('[DEFAULT]\nenabled_backends = ceph:rbd\n');
    expect(inWords(blind(`rbd://${fsid}/images/${imageId}/snap`, imageId))).toBe(
      'none: store ceph is out of order; "stores" says why',
    );
  });
});
