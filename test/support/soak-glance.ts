import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.ts';
import type { DialectName, GlanceDatabase } from './servers-database.ts';
import { readLocations, seedLocations } from './servers-locations.ts';

/** What a row must hold by what Glance last did to it. */
export interface GlancesRow {
  /** what Glance wrote last: an undo of all runs must leave this */
  readonly base: string | null;
  /** what a run may have made of it; undefined where it may do nothing */
  readonly labelled: string | undefined;
}

/** A Glance whose every write is remembered. It writes short transactions of its own, beside the runs. */
export interface SoakGlance {
  readonly rows: ReadonlyMap<number, GlancesRow>;
  readonly writes: () => number;
  /** Takes the label of about every third row, so that the next run has work. */
  readonly unlabelSome: () => Promise<void>;
  /** Writes now and then until `stop` is aborted. */
  readonly writeUntil: (stop: AbortSignal) => Promise<void>;
}

/** The time as Glance writes it, UTC. */
const nowBySql: Record<DialectName, string> = {
  mysql: 'UTC_TIMESTAMP()',
  postgresql: `now() AT TIME ZONE 'utc'`,
  sqlite: `strftime('%Y-%m-%d %H:%M:%f000', 'now')`,
};

/** Fills the table and takes it over. */
export async function createSoakGlance(
  database: GlanceDatabase,
  random: Random,
  rowCount: number,
): Promise<SoakGlance> {
  const rows = new Map<number, GlancesRow>();
  const now = nowBySql[database.dialect];
  const folders = new Map<number, 'images' | 'slow'>();
  const removed = new Set<number>();
  let writes = 0;

  const add = async (id: number): Promise<void> => {
    await seedLocations(database, [{ id }]);
    folders.set(id, 'images');
    rows.set(id, { base: '{}', labelled: label('{}', 'fast') });
  };
  const set = async (id: number, assignments: string, values: readonly unknown[]) => {
    const sql = `UPDATE image_locations SET ${assignments}, updated_at = ${now} WHERE id = ${id}`;
    await database.run(sql, values);
    writes += 1;
  };
  const storeOf = (id: number) => (folders.get(id) === 'slow' ? 'slow' : 'fast');

  /** A text of its own each time: a run that overwrote one would be caught. */
  const saveText = async (id: number): Promise<void> => {
    const base = random.pick([
      ...[`{"k": ${writes}}`, `{"k": ${writes}}`, `{"store": "gone", "k": ${writes}}`],
      ...['{}', '', null],
    ] as [string, ...(string | null)[]]);
    await set(id, 'meta_data = ?', [base]);
    rows.set(id, { base, labelled: label(base, storeOf(id)) });
  };
  const saveLabel = async (id: number): Promise<void> => {
    const base = `{"k":${writes},"store":"${random.pick(['fast', 'slow'])}"}`;
    await set(id, 'meta_data = ?', [base]);
    rows.set(id, { base, labelled: undefined });
  };
  const move = async (id: number): Promise<void> => {
    const folder = random.pick<'images' | 'slow'>(['images', 'slow']);
    const base = `{"moved": ${writes}}`;
    await set(id, 'value = ?, meta_data = ?', [`file:///${folder}/${id}`, base]);
    folders.set(id, folder);
    rows.set(id, { base, labelled: label(base, storeOf(id)) });
  };
  const remove = async (id: number): Promise<void> => {
    const [status, deleted] = ['deleted', database.dialect === 'postgresql' ? true : 1];
    await set(id, 'status = ?, deleted = ?', [status, deleted]);
    const left = (await readLocations(database)).find((row) => row.id === id);
    rows.set(id, { base: left?.metaData ?? null, labelled: undefined });
    removed.add(id);
  };
  const saveSlowly = async (id: number): Promise<void> => {
    await database.run('BEGIN');
    await saveText(id);
    await sleep(random.between(10, 120));
    await database.run('COMMIT');
  };
  /** Mostly Glance saves locations. */
  const deeds: readonly [typeof move, ...(typeof move)[]] = [
    ...([move, saveLabel, saveSlowly, remove, () => add(rows.size + 1)] as const),
    ...Array<typeof move>(15).fill(saveText),
    ...Array<typeof move>(8).fill(saveLabel),
    ...Array<typeof move>(8).fill(saveSlowly),
    ...Array<typeof move>(8).fill(move),
  ];

  for (let id = 1; id <= rowCount; id++) await add(id);
  return {
    rows,
    writes: () => writes,
    async unlabelSome() {
      for (const id of rows.keys()) if (!removed.has(id) && random.onceIn(3)) await saveText(id);
    },
    async writeUntil(stop) {
      while (!stop.aborted) {
        await sleep(random.between(0, 15));
        const id = random.between(1, rows.size);
        if (removed.has(id)) continue;
        await random.pick(deeds)(id);
      }
    },
  };
}

/** What a run makes of the texts that are written here. */
function label(text: string | null, store: string): string {
  if (text === null || text === '' || text === '{}') return `{"store": "${store}"}`;
  const stale = '{"store": "gone"';
  if (text.startsWith(stale)) return text.replace('gone', store);
  return `${text.slice(0, -1)}, "store": "${store}"}`;
}
