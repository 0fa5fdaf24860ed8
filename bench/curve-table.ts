import type { GlanceDatabase } from '../test/support/servers-database.ts';
import { encrypt } from '../test/support/encryption.ts';
import { asText } from '../src/database/driver-values.ts';
import { type Cloud, uuid } from './table.ts';

/** One shape of rows whose cost is measured at several sizes. */
export interface CurveCase {
  /** for `--only` */
  readonly name: string;
  readonly stores: number;
  /** bytes of each row's `meta_data` before the run */
  readonly metaDataBytes: number;
  readonly texts: 'same' | 'distinct';
  readonly values: 'plain' | 'encrypted';
}

const plainCase = { stores: 2, metaDataBytes: 2, texts: 'same', values: 'plain' } as const;

export const curveCases: readonly CurveCase[] = [
  { ...plainCase, name: '2-stores' },
  { ...plainCase, name: '200-stores', stores: 200 },
  { ...plainCase, name: '100-byte-meta-data', metaDataBytes: 100 },
  { ...plainCase, name: '2-kb-meta-data', metaDataBytes: 2000 },
  { ...plainCase, name: 'distinct-meta-data', metaDataBytes: 100, texts: 'distinct' },
  { ...plainCase, name: 'encrypted-values', values: 'encrypted' },
];

const key = '0123456789abcdef';

/** The rows of a case, all without a store, and the configuration that knows their stores. */
export function curveCloud(shape: CurveCase): Cloud {
  const cloud: Cloud = {
    cephConf: '',
    conf: (connection) => curveConf(connection, shape),
    selectRows: (numbers) => selectCurveRows(numbers, shape),
  };
  return shape.values === 'encrypted' ? { ...cloud, finish: encryptValues } : cloud;
}

function curveConf(connection: string, { stores, values }: CurveCase): string {
  const numbers = Array.from({ length: stores }, (_, at) => at);
  return `[DEFAULT]
enabled_backends = ${numbers.map((at) => `s${at}:file`).join(', ')}
${values === 'encrypted' ? `metadata_encryption_key = ${key}` : ''}
[glance_store]
default_backend = s0
[database]
connection = ${connection.replaceAll('$', '$$$$')}
${numbers.map((at) => `[s${at}]\nfilesystem_store_datadir = /srv/s${at}\n`).join('')}`;
}

/** As the usual cloud's `selectRows`. @throws for a size that no JSON text of this form has */
export function selectCurveRows(
  numbers: string,
  { stores, metaDataBytes, texts }: CurveCase,
): string {
  const store = `concat('s', n % ${stores})`;
  const url = `concat('file:///srv/', ${store}, '/', ${uuid})`;
  const inner = metaDataBytes === 2 ? undefined : innerText(metaDataBytes, texts);
  const before = inner === undefined ? `'{}'` : `concat('{', ${inner}, '}')`;
  const kept = inner === undefined ? `'{'` : `concat('{', ${inner}, ', ')`;
  const after = `concat(${kept}, '"store": "', ${store}, '"}')`;
  return `SELECT n AS id, ${uuid} AS image_id, ${url} AS value, ${before} AS meta_data, ${after} AS expected FROM ${numbers}`;
}

/** One member of a JSON object, so long that braces included it makes up the size: `"etag": "…"`. */
function innerText(metaDataBytes: number, texts: CurveCase['texts']): string {
  const room = metaDataBytes - '{"etag": ""}'.length;
  if (room < 32) throw new Error(`no meta_data of ${metaDataBytes} bytes`);
  const start = texts === 'distinct' ? `md5(n)` : `repeat('0', 32)`;
  return `concat('"etag": "', ${start}, repeat('x', ${room - 32}), '"')`;
}

/** rows a statement */
const pageSize = 5000;

/** MariaDB has no AES-CBC before 11.2. */
async function encryptValues(run: GlanceDatabase['run']): Promise<void> {
  await run('CREATE TABLE encrypted (id INTEGER PRIMARY KEY, value TEXT NOT NULL)');
  for (let after = 0; ;) {
    const page = await run('SELECT id, value FROM bench_rows WHERE id > ? ORDER BY id LIMIT ?', [
      after,
      pageSize,
    ]);
    if (page.length === 0) break;
    const rows = page.map(([id, value]) => [id, encrypt(key, asText(value) ?? '')]);
    await run('INSERT INTO encrypted VALUES ?', [rows]);
    after = Number(page.at(-1)?.[0]);
  }
  await run('ALTER TABLE bench_rows MODIFY value TEXT');
  await run('UPDATE bench_rows JOIN encrypted USING (id) SET bench_rows.value = encrypted.value');
}
