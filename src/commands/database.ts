import type { Conf } from '../conf/conf.ts';
import {
  connection,
  connectionParameters,
  metadataEncryptionKey,
  mysqlWsrepSyncWait,
} from '../conf/glance-options.ts';
import { ConfError, type Mistake } from '../conf/mistake.ts';
import type { Option } from '../conf/options.ts';
import type { ConnectionSettings } from '../database/connection-settings.ts';
import { readConnection } from '../database/read-connection.ts';
import type { ConnectionOption } from '../database/url-parameters.ts';
import { isEncryptionKey } from '../locations/encryption.ts';

/** What the configuration says of the database. */
export interface ConfiguredDatabase {
  readonly settings: ConnectionSettings;
  readonly wsrepSyncWait: number | undefined;
  /** the key of encrypted locations; undefined when they are not encrypted */
  readonly encryptionKey: string | undefined;
}

/**
 * Reads `[database]` and the key of encrypted locations.
 *
 * @throws ConfError with every mistake in them
 */
export function configureDatabase(conf: Conf): ConfiguredDatabase {
  const wsrepSyncWait = conf.get('database', mysqlWsrepSyncWait);
  const key = conf.get('DEFAULT', metadataEncryptionKey);
  const encryptionKey = key === '' ? undefined : key;
  const url = readOption(conf, connection);
  const { settings, mistakes } =
    url === undefined
      ? { settings: undefined, mistakes: conf.mistakes.length > 0 ? [] : [describeMissing(conf)] }
      : readConnection(url, readOption(conf, connectionParameters));
  const all = [...conf.mistakes, ...mistakes, ...findKeyMistakes(conf, encryptionKey)];
  if (settings === undefined || all.length > 0) throw new ConfError(all);
  return { settings, wsrepSyncWait, encryptionKey };
}

function describeMissing(conf: Conf): Mistake {
  const misplaced = conf.findMisplaced('database', connection, 'no database is named elsewhere');
  return (
    misplaced ?? {
      origin: undefined,
      option: '[database] connection',
      problem: 'the configuration names no database',
      remedy: 'give the file that holds it with --config-file, or set OS_DATABASE__CONNECTION',
    }
  );
}

function findKeyMistakes(conf: Conf, key: string | undefined): Mistake[] {
  if (key === undefined || isEncryptionKey(key)) return [];
  return [
    conf.mistake('DEFAULT', metadataEncryptionKey, {
      problem: 'the key is not 16, 24 or 32 bytes long',
      remedy: 'write the key that Glance encrypted the locations with',
    }),
  ];
}

function readOption(conf: Conf, option: Option<string>): ConnectionOption | undefined {
  const value = conf.get('database', option);
  if (value === undefined || value === '') return undefined;
  return { option: `[database] ${option.name}`, origin: conf.origin('database', option), value };
}
