import { openLocationTable, type OpenOptions } from '../../src/database/connect.ts';
import type { ConnectionSettings } from '../../src/database/connection-settings.ts';
import type { LocationTable } from '../../src/database/location-table.ts';
import { readConnection } from '../../src/database/read-connection.ts';

/** Reads an SQLAlchemy URL that must be right. */
export function settingsOf(url: string): ConnectionSettings {
  const option = { option: '[database] connection', origin: undefined, value: url };
  const { settings, mistakes } = readConnection(option);
  if (settings === undefined) throw new Error(JSON.stringify(mistakes));
  return settings;
}

/** Opens the table behind an SQLAlchemy URL, for writing unless told otherwise. */
export async function openTable(
  url: string,
  options: Partial<OpenOptions> = {},
): Promise<LocationTable> {
  return openLocationTable(settingsOf(url), {
    writers: 2,
    readOnly: false,
    wsrepSyncWait: undefined,
    ...options,
  });
}
