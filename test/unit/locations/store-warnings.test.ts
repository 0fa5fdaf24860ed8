import { expect, it } from 'vitest';
import type { Matching } from '../../../src/locations/match.ts';
import { findStoreWarnings } from '../../../src/locations/store-warnings.ts';
import { configure } from '../../support/conf-stores.ts';

const { stores } = configure(`[DEFAULT]
enabled_backends = disk:file, ceph:rbd, ties:file, mt:swift, old:sheepdog, web:http
[ceph]
rbd_store_ceph_conf = gone.conf
[ties]
filesystem_store_datadir =
filesystem_store_datadirs = /mnt/a:1
filesystem_store_datadirs = /mnt/b:1
[mt]
swift_store_multi_tenant = true
[os_glance_tasks_store]
filesystem_store_datadir =
`);

function warningsOf(matching: Matching): readonly string[] {
  return findStoreWarnings({ stores, matching });
}

const told = '"glance-store-backfill stores" says why';

it('of the corrected rule name each enabled store that it gives no location', () => {
  expect(warningsOf('corrected')).toEqual([
    `store ceph: no location gets it, as it has no prefix; ${told}`,
    `store old: no location gets it, as it has no prefix; ${told}`,
  ]);
});

it('of Glance’s rule name each enabled store without a prefix', () => {
  const unmatched =
    'locations that Glance might give to it stay unmatched, as its prefix is not known here';
  expect(warningsOf('glance')).toEqual([
    `store ceph: ${unmatched}; ${told}`,
    `store ties: ${unmatched}; ${told}`,
    `store mt: no location gets it, as it has no prefix; ${told}`,
    `store old: no location gets it, as it has no prefix; ${told}`,
  ]);
});
