import { deriveUuid } from './derived.js';

/**
 * Location URLs as glance_store's drivers write them (each driver's StoreLocation.get_uri),
 * for the stores of glance-api.conf.example and for some that were taken out of it.
 *
 * @typedef {(imageId: string) => string} WriteUrl
 */

const fsid = '6b4b29c6-1d2f-4c1e-9a53-0e4d5f6a7b80';
const decommissionedFsid = '0a9e6d1c-77b2-4f0e-8c43-5d1f2e3a4b5c';

/** @type {(fsid: string, pool: string) => WriteUrl} */
const rbd = (cluster, pool) => (imageId) => `rbd://${cluster}/${pool}/${imageId}/snap`;

/** @type {(directory: string) => WriteUrl} */
const file = (directory) => (imageId) => `file://${directory}/${imageId}`;

/** @type {(key: string) => WriteUrl} */
const swift = (key) => (imageId) =>
  `swift+https://service%3Aglance:${key}@keystone.example.com:5000/v3/glance/${imageId}`;

/** @type {(credentials: string, bucket: string) => WriteUrl} */
const s3 = (credentials, bucket) => (imageId) =>
  `s3+https://${credentials}@s3.example.com/${bucket}/${imageId}`;

const s3Credentials = 'EXAMPLEACCESSKEY2:not/a/real+secret2';
const vcenterPath = 'vsphere://vcenter.example.com/folder/openstack_glance';

/** @type {(imageId: string) => string} */
const volumeOf = (imageId) => deriveUuid(`volume of ${imageId}`);

/** Location URLs by where the image lies: `ceph('<image id>')`. */
export const urls = {
  ceph: rbd(fsid, 'images'),
  cephRetiredPool: rbd(fsid, 'old-images'),
  cephRetiredCluster: rbd(decommissionedFsid, 'images'),
  local: file('/var/lib/glance/images'),
  archive: file('/var/lib/glance/images-archive'),
  retiredDirectory: file('/srv/old-images'),
  /** @type {WriteUrl} */
  web: (imageId) => `https://images.example.com/releases/${imageId}.qcow2`,
  /** @type {WriteUrl} */
  mirror: (imageId) => `http://mirror.example.org/cloud/${imageId}.img`,
  objects: swift('not-a-real-key'),
  objectsOldKey: swift('not-a-real-key-of-2021'),
  offsite: s3(s3Credentials, 'glance-images'),
  offsiteOldKey: s3('EXAMPLEACCESSKEY1:not/a/real+secret1', 'glance-images'),
  offsiteUnknownBucket: s3(s3Credentials, 'glance-staging-2020'),
  /** @type {WriteUrl} */
  volumes: (imageId) => `cinder://volumes/${volumeOf(imageId)}`,
  /** @type {WriteUrl} */
  volumesLegacy: (imageId) => `cinder://${volumeOf(imageId)}`,
  /** @type {WriteUrl} */
  vcenter: (imageId) => `${vcenterPath}/${imageId}?dsName=ssd-01&dcPath=DC1`,
  // Python 2 put the parameters in this order.
  /** @type {WriteUrl} */
  vcenterOld: (imageId) => `${vcenterPath}/${imageId}?dcPath=DC1&dsName=ssd-02`,
  /** @type {WriteUrl} */
  vcenterRetiredDatastore: (imageId) => `${vcenterPath}/${imageId}?dcPath=DC1&dsName=hdd-old`,
};
