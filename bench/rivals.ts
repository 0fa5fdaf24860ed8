import type { Bed } from './bed.ts';
import { type Figures, measureProcess, measureWork } from './measure.ts';
import { type BenchStore, benchStores, countRows } from './table.ts';

const isOf = ({ prefix }: BenchStore) => `value LIKE '${prefix}%'`;

/** The UPDATE that an administrator would write: `meta_data` keeps its other keys, rows with a store stay. */
function updateOf({ database }: Bed, stores: readonly BenchStore[]): string {
  const store = `CASE ${stores.map((each) => `WHEN ${isOf(each)} THEN '${each.id}'`).join(' ')} END`;
  const [set, lacks, now, active] =
    database.dialect === 'mysql'
      ? [
          `JSON_SET(meta_data, '$.store', ${store})`,
          `JSON_VALUE(meta_data, '$.store') IS NULL`,
          'UTC_TIMESTAMP()',
          'deleted = 0',
        ]
      : [
          `jsonb_set(meta_data::jsonb, '{store}', to_jsonb(${store}))::text`,
          `meta_data::jsonb ->> 'store' IS NULL`,
          `now() AT TIME ZONE 'UTC'`,
          'NOT deleted',
        ];
  return `UPDATE image_locations SET meta_data = ${set}, updated_at = ${now}
    WHERE ${active} AND status = 'active' AND ${lacks} AND (${stores.map(isOf).join(' OR ')})`;
}

/** All stores in one statement. */
export function runUpdate(bed: Bed): Promise<Figures> {
  return measureWork(bed.rows, () => bed.database.run(updateOf(bed, benchStores)));
}

/** One statement, and so one pass over the table, for each store. */
export function runUpdatePerStore(bed: Bed): Promise<Figures> {
  return measureWork(bed.rows, async () => {
    for (const store of benchStores) await bed.database.run(updateOf(bed, [store]));
  });
}

/** How many rows the slow one is measured on. */
const slowRows = 5000;

/** How many rows that lack their store it leaves. */
export function rowsLeftOver(rows: number): number {
  const { assigned } = countRows(rows);
  return assigned - Math.min(assigned, slowRows);
}

/** As pt-archiver goes about it: reads a thousand rows, writes each by its id, and commits each. MariaDB only. */
export function runRowAtATime(bed: Bed): Promise<Figures> {
  const { assigned } = countRows(bed.rows);
  const wanted = Math.min(assigned, slowRows);
  const update = `${updateOf(bed, benchStores)} AND id = ?`;
  const candidates = `SELECT id FROM image_locations WHERE id > ? AND (${benchStores.map(isOf).join(' OR ')})
    AND JSON_VALUE(meta_data, '$.store') IS NULL ORDER BY id LIMIT ?`;
  return measureWork(wanted, async () => {
    let after = 0;
    for (let left = wanted; left > 0;) {
      const page = await bed.database.run(candidates, [after, Math.min(left, 1000)]);
      for (const [id] of page) await bed.database.run(update, [id]);
      after = Number(page.at(-1)?.[0]);
      left -= page.length;
    }
  });
}

/** Reads the columns of a decision and nothing else: the least that any tool outside the server must do. */
export async function runDump({ database, server, workplace, rows }: Bed): Promise<Figures> {
  const { figures } = await measureProcess(
    [
      ...(['mariadb', '--no-defaults', '--quick', '--batch', '--skip-column-names'] as const),
      ...[`--socket=${server.address.socket}`, '--user=root', database.name],
      ...['--execute', 'SELECT id, value, meta_data FROM image_locations'],
    ],
    { cwd: workplace.folder, output: 'drop' },
  );
  // The peak of interest is the tool's.
  return { seconds: figures.seconds, rows };
}
