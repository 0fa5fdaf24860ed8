import type { Conf } from '../conf/conf.ts';
import { StoreConf } from '../conf/store-conf.ts';
import { type ConfiguredDriver, commonOptions } from './drivers/driver.ts';
import { configureFile, datadir, datadirs, file } from './drivers/file.ts';

/** glance/common/wsgi_app.py, RESERVED_STORES: Glance adds these file stores to every cloud's. */
export const reservedStoreIds: readonly string[] = [
  'os_glance_staging_store',
  'os_glance_tasks_store',
];

/** What the ids of reserved stores begin with; no other may. */
export const reservedPrefix = 'os_glance_';

/** Makes a reserved store's options known (glance_store/multi_backend.py, `register_store_opts`). */
export function registerReserved(conf: Conf, id: string): void {
  conf.register(id, [
    { ...datadir, default: usualDirectory(id) },
    ...file.options,
    ...commonOptions,
  ]);
}

/**
 * A reserved store where its own group names no directory: the newest release has it in that of
 * `[backend_defaults]`, or the default of all file stores, Zed in one of its own. Both count.
 */
export function configureReserved(conf: Conf, id: string): ConfiguredDriver {
  const isConfigured = conf.isSet(id, datadir) || conf.isSet(id, datadirs);
  return configureFile(new StoreConf(conf, id), isConfigured ? [] : [usualDirectory(id)]);
}

function usualDirectory(id: string): string {
  return `/var/lib/glance/${id}`;
}
