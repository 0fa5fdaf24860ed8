import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { metadataEncryptionKey } from '../../src/conf/glance-options.ts';
import { loadConf } from '../../src/conf/load.ts';
import type { ImageLocation } from '../../src/locations/image-location.ts';
import { configureStores } from '../../src/stores/enabled.ts';
import type { Store } from '../../src/stores/store.ts';

export type GoldenDatabaseName = 'plain' | 'encrypted-nasty';

/** A row before the real lazy path has run over its database, and its `meta_data` afterwards. */
export interface GoldenRow extends ImageLocation {
  readonly status: string;
  readonly deleted: boolean;
  readonly metaDataAfter: string | null;
}

/** A database, and the configuration of the Glance that ran over it. */
export interface GoldenDatabase {
  readonly stores: readonly Store[];
  readonly encryptionKey: string | undefined;
  /** every row of image_locations, in order of id */
  readonly rows: readonly GoldenRow[];
  /** the SQLite file as it was before */
  readonly file: string;
}

/** Reads the golden database of that name: its configuration and rows; the database itself is not opened. */
export function readGoldenDatabase(name: GoldenDatabaseName): GoldenDatabase {
  const folder = fileURLToPath(new URL(`../parity/golden/databases/${name}/`, import.meta.url));
  const { conf, namedFiles } = loadConf({
    given: [{ kind: 'file', path: join(folder, 'glance-api.conf') }],
    environment: {},
    homeDirectory: '/nonexistent',
    workingDirectory: folder,
  });
  const { stores } = configureStores({ conf, files: namedFiles, rbdFsids: [] });
  const lines = readFileSync(join(folder, 'expected.jsonl'), 'utf8').split('\n').filter(Boolean);
  return {
    stores,
    encryptionKey: conf.get('DEFAULT', metadataEncryptionKey),
    rows: lines.map(parseRow),
    file: join(folder, 'glance.sqlite'),
  };
}

function parseRow(line: string): GoldenRow {
  const raw = JSON.parse(line) as {
    id: number;
    image_id: string;
    value: string;
    status: string;
    deleted: number;
    meta_data_before: string | null;
    meta_data_after: string | null;
  };
  return {
    id: raw.id,
    imageId: raw.image_id,
    value: raw.value,
    metaData: raw.meta_data_before,
    status: raw.status,
    deleted: raw.deleted !== 0,
    metaDataAfter: raw.meta_data_after,
  };
}
