import { urls } from './sample-urls.js';

/**
 * Locations that are alike.
 *
 * @typedef {object} Group
 * @property {number} count
 * @property {import('./sample-urls.js').WriteUrl} url
 * @property {string | null} metaData the column's text
 * @property {'current' | 'assigned' | 'replaced' | 'unmatched' | 'unreadable' | 'out of scope'} outcome
 *   what a backfill makes of them
 * @property {'active' | 'deleted' | 'pending_delete'} [status] of the location and its image; else active
 */

/** @type {(store: string) => string} */
const labelled = (store) => `{"store": "${store}"}`;
const mounted =
  '{"id": "f2b6a0de-5a3f-4b52-9a57-3a86c1f0e2d4", "mountpoint": "/var/lib/glance/images"}';

/**
 * Images made before the move to several stores, each with one location.
 *
 * @type {readonly Group[]}
 */
export const imagesBeforeTheMove = [
  { count: 1_034, url: urls.ceph, metaData: '{}', outcome: 'assigned' },
  { count: 40, url: urls.ceph, metaData: '{"backend": "ceph"}', outcome: 'assigned' },
  { count: 25, url: urls.ceph, metaData: null, outcome: 'assigned' },
  { count: 15, url: urls.ceph, metaData: '', outcome: 'assigned' },
  { count: 60, url: urls.ceph, metaData: labelled('old-ceph'), outcome: 'replaced' },
  { count: 45, url: urls.cephRetiredPool, metaData: '{}', outcome: 'unmatched' },
  { count: 12, url: urls.cephRetiredPool, metaData: labelled('old-ceph'), outcome: 'unmatched' },
  { count: 9, url: urls.cephRetiredCluster, metaData: '{}', outcome: 'unmatched' },
  { count: 330, url: urls.local, metaData: '{}', outcome: 'assigned' },
  { count: 45, url: urls.local, metaData: mounted, outcome: 'assigned' },
  { count: 130, url: urls.archive, metaData: '{}', outcome: 'assigned' },
  // A GET in Glance labelled these: /var/lib/glance/images is the beginning of images-archive.
  { count: 14, url: urls.archive, metaData: labelled('local'), outcome: 'current' },
  { count: 18, url: urls.retiredDirectory, metaData: '{}', outcome: 'unmatched' },
  { count: 70, url: urls.web, metaData: '{}', outcome: 'assigned' },
  { count: 50, url: urls.mirror, metaData: '{}', outcome: 'assigned' },
  { count: 210, url: urls.objects, metaData: '{}', outcome: 'assigned' },
  { count: 25, url: urls.objectsOldKey, metaData: '{}', outcome: 'assigned' },
  { count: 90, url: urls.offsite, metaData: '{}', outcome: 'assigned' },
  { count: 35, url: urls.offsiteOldKey, metaData: '{}', outcome: 'assigned' },
  { count: 15, url: urls.offsiteUnknownBucket, metaData: '{}', outcome: 'unmatched' },
  { count: 70, url: urls.volumes, metaData: '{}', outcome: 'assigned' },
  { count: 16, url: urls.volumesLegacy, metaData: '{}', outcome: 'unmatched' },
  { count: 50, url: urls.vcenter, metaData: '{}', outcome: 'assigned' },
  { count: 25, url: urls.vcenterOld, metaData: '{}', outcome: 'assigned' },
  { count: 8, url: urls.vcenterRetiredDatastore, metaData: '{}', outcome: 'unmatched' },
  { count: 4, url: urls.local, metaData: '["local"]', outcome: 'unreadable' },
  { count: 2, url: urls.local, metaData: '{"mountpoint": "/var/lib/gl', outcome: 'unreadable' },
  { count: 120, url: urls.ceph, metaData: '{}', outcome: 'out of scope', status: 'deleted' },
  { count: 15, url: urls.ceph, metaData: '{}', outcome: 'out of scope', status: 'pending_delete' },
];

/**
 * Images made since: Glance labels them itself.
 *
 * @type {readonly Group[]}
 */
export const imagesSinceTheMove = [
  { count: 300, url: urls.ceph, metaData: labelled('ceph'), outcome: 'current' },
  { count: 48, url: urls.local, metaData: labelled('local'), outcome: 'current' },
  { count: 60, url: urls.objects, metaData: labelled('objects'), outcome: 'current' },
  { count: 10, url: urls.volumes, metaData: labelled('volumes'), outcome: 'current' },
];

/**
 * Second locations of images that lie in ceph.
 *
 * @type {readonly Group[]}
 */
export const copies = [
  { count: 240, url: urls.offsite, metaData: '{}', outcome: 'assigned' },
  { count: 100, url: urls.archive, metaData: '{}', outcome: 'assigned' },
  { count: 60, url: urls.offsite, metaData: labelled('offsite'), outcome: 'current' },
];
