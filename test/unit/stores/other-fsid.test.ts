import { expect, it } from 'vitest';
import { cephConf, configure, fsid } from '../../support/conf-stores.ts';

const other = '99999999-2222-3333-4444-555555555555';

function warningsFor(rbdFsid: string, files: Readonly<Record<string, string>>): readonly string[] {
  const text =
    '[DEFAULT]\nenabled_backends = ceph:rbd\n[ceph]\nrbd_store_pool = images\nrbd_store_ceph_conf = c.conf\n' +
    '[glance_store]\ndefault_backend = ceph\n';
  return configure(text, { files, rbdFsids: [`ceph=${rbdFsid}`] }).warnings;
}

it('an --rbd-fsid that the ceph.conf at hand contradicts is doubted, and both are named', () => {
  expect(warningsFor(other, { 'c.conf': cephConf })).toEqual([
    `store ceph: --rbd-fsid says that its cluster is ${other}, but c.conf says ${fsid}; ` +
      'the option counts: is it the right one?',
  ]);
});

it.each([
  ['agrees', fsid.toUpperCase(), { 'c.conf': cephConf }],
  ['says nothing', other, { 'c.conf': '[global]\n' }],
  ['is not there', other, {}],
  ['is there for a cluster out of reach', 'unreachable', { 'c.conf': cephConf }],
])('there is no doubt where the file %s', (_what, rbdFsid, files) => {
  expect(warningsFor(rbdFsid, files)).toEqual([]);
});
