import { ConfError, type Mistake } from '../conf/mistake.ts';
import type { Conf } from '../conf/conf.ts';
import { connection, connectionParameters, mysqlWsrepSyncWait } from '../conf/glance-options.ts';
import type { Option } from '../conf/options.ts';
import type { ConnectionSettings } from '../database/connection-settings.ts';
import { readConnection } from '../database/read-connection.ts';
import type { ConnectionOption } from '../database/url-parameters.ts';

/** The database of the configuration. */
export interface ConfiguredDatabase {
  readonly settings: ConnectionSettings;
  readonly wsrepSyncWait: number | undefined;
}

/**
 * Reads `[database]`.
 *
 * @throws ConfError with every mistake in it
 */
export function configureDatabase(conf: Conf): ConfiguredDatabase {
  const url = readOption(conf, connection);
  const wsrepSyncWait = conf.get('database', mysqlWsrepSyncWait);
  const reading =
    url === undefined ? undefined : readConnection(url, readOption(conf, connectionParameters));
  const mistakes = [...conf.mistakes, ...(reading?.mistakes ?? [])];
  if (reading?.settings !== undefined && mistakes.length === 0) {
    return { settings: reading.settings, wsrepSyncWait };
  }
  throw new ConfError(mistakes.length > 0 ? mistakes : [noConnection]);
}

const noConnection: Mistake = {
  origin: undefined,
  option: '[database] connection',
  problem: 'the configuration names no database',
  remedy: 'give the file that holds it with --config-file, or set OS_DATABASE__CONNECTION',
};

function readOption(conf: Conf, option: Option<string>): ConnectionOption | undefined {
  const value = conf.get('database', option);
  if (value === undefined || value === '') return undefined;
  return { option: `[database] ${option.name}`, origin: conf.origin('database', option), value };
}
