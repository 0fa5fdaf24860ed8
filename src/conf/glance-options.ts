import type { Conf } from './conf.ts';
import { knownOptions } from './known-options.ts';
import { dict, int, list, str, type Option } from './options.ts';

/** `[DEFAULT] enabled_backends`: store ids and their driver types, in the order Glance tries them. */
export const enabledBackends: Option<ReadonlyMap<string, string>> = {
  name: 'enabled_backends',
  type: dict,
};

/** `[DEFAULT] metadata_encryption_key`: 16, 24 or 32 bytes of UTF-8. */
export const metadataEncryptionKey: Option<string> = {
  name: 'metadata_encryption_key',
  type: str,
  secret: true,
};

/** `[DEFAULT] config_source`: groups that describe further sources (oslo_config/sources). */
export const configSource: Option<readonly string[]> = { name: 'config_source', type: list };

/** `[glance_store] default_backend`: the store of images that name none. */
export const defaultBackend: Option<string> = { name: 'default_backend', type: str };

/** `[database] connection`: an SQLAlchemy URL, under the older names of oslo.db too. */
export const connection: Option<string> = {
  name: 'connection',
  type: str,
  deprecatedNames: [
    { group: 'DEFAULT', name: 'sql_connection' },
    { group: 'DATABASE', name: 'sql_connection' },
    { group: 'sql', name: 'connection' },
  ],
  secret: true,
};

/** `[database] connection_parameters`: appended to the URL's query, as in `charset=utf8mb4`. */
export const connectionParameters: Option<string> = {
  name: 'connection_parameters',
  type: str,
  default: '',
  secret: true,
};

/** `[database] mysql_wsrep_sync_wait`: a bit mask for Galera; unset leaves the server's own. */
export const mysqlWsrepSyncWait: Option<number> = { name: 'mysql_wsrep_sync_wait', type: int() };

/** Makes every option of glance-api known to `$name` references, except those of the stores. */
export function registerGlanceOptions(conf: Conf): void {
  for (const [group, options] of Object.entries(knownOptions)) conf.register(group, options);
  conf.register('DEFAULT', [configSource, enabledBackends, metadataEncryptionKey]);
  conf.register('database', [connection, connectionParameters, mysqlWsrepSyncWait]);
  conf.register('glance_store', [defaultBackend]);
}
