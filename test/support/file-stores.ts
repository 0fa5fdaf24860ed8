import { configure } from './conf-stores.ts';

/** A glance-api.conf with one file store, for tests that ask what happens to rows and not which store they get. */
export const oneStoreConf = `[DEFAULT]
enabled_backends = fast:file
[glance_store]
default_backend = fast
[fast]
filesystem_store_datadir = /images
`;

/** Its stores. */
export const { stores } = configure(oneStoreConf);

/** A second one: `fast` below /images, `slow` below /slow. */
export const twoStoresConf = `${oneStoreConf.replace('fast:file', 'fast:file, slow:file')}[slow]
filesystem_store_datadir = /slow
`;

/** Its stores. */
export const { stores: twoStores } = configure(twoStoresConf);

/** The `meta_data` of a row that had none. */
export const fast = '{"store": "fast"}';
