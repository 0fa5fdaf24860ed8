import type { LocationTable } from '../../src/database/location-table.ts';
import { runOn, type RunOptions, type RunResult } from './backfill-run.ts';
import { twoStores } from './file-stores.ts';
import { findWrongs, readClaims } from './run-evidence.ts';
import type { GlanceDatabase } from './servers-database.ts';
import { readLocations, seedLocations } from './servers-locations.ts';
import type { OpenOptions } from '../../src/database/connect.ts';
import { openTable } from './servers-table.ts';
import { type WatchedUpdates, watchUpdates } from './servers-updates.ts';
import { journalAt, undoOn } from './undo-run.ts';
import type { Workplace } from './workplace.ts';

/** What the rows hold before a run, in turn: four to be filled, one to be replaced, one that is right already. */
const texts = [null, '', '{}', '{"a": 1}', '{"store": "gone"}', '{"store": "fast"}'];

/** rows that a run is tried on */
const rowCount = 48;

/** What a run that nothing keeps from its end comes to. */
export const wholeRun = {
  ...{ examined: 48, assigned: 32, replaced: 8, current: 8, skipped: 0 },
  ...{ unmatched: 0, ambiguous: 0, unreadable: 0, conflicted: 0, contradicting: 0 },
};

/** Rows of a database whose run is to be disturbed. */
export interface FaultyRuns {
  /** Puts the rows back as they were first. */
  readonly reset: () => Promise<void>;
  /** Runs the backfill over a table with a journal, and gives what it came to once every check has passed. */
  readonly run: (table: LocationTable, options?: Partial<RunOptions>) => Promise<FaultyRunResult>;
}

export interface FaultyRunResult extends RunResult {
  /** what does not fit together: nothing, where all is well */
  readonly wrongs: readonly string[];
  /** what was to be tried again, in the operator's words */
  readonly retries: readonly string[];
}

/** Prepares a database for one run after the other; `workplace` takes their journals. */
export async function prepareFaultyRuns(
  database: GlanceDatabase,
  workplace: Workplace,
): Promise<FaultyRuns> {
  const updates = await watchUpdates(database);
  let runs = 0;
  return {
    reset: () => reset(database, updates),
    async run(table, options = {}) {
      runs += 1;
      const path = workplace.path(`run-${runs}.ndjson`);
      const before = await readLocations(database);
      const retries: string[] = [];
      const onRetry = (message: string) => retries.push(message);
      const journal = journalAt(path);
      const result = await runOn(table, {
        stores: twoStores,
        batchSize: 10,
        ...options,
        journal,
        onRetry,
      });
      await journal.close();
      const after = await readLocations(database);
      const claims = await readClaims(path);
      const wrongs = findWrongs({ before, after, result, claims, updates: await updates.ids() });
      return {
        ...result,
        retries,
        wrongs: [...wrongs, ...(await findUndoWrongs(database, path, before))],
      };
    },
  };
}

async function reset(database: GlanceDatabase, updates: WatchedUpdates): Promise<void> {
  await database.run('BEGIN');
  await database.run('DELETE FROM image_locations');
  const ids = Array.from({ length: rowCount }, (_, index) => index + 1);
  await seedLocations(
    database,
    ids.map((id) => ({ id, metaData: texts[id % texts.length] ?? null })),
  );
  await database.run('COMMIT');
  await updates.forget();
}

/** Undoes the run, over a line without faults, and compares every text with what it was. */
async function findUndoWrongs(
  database: GlanceDatabase,
  journal: string,
  before: Awaited<ReturnType<typeof readLocations>>,
): Promise<readonly string[]> {
  const table = await openTable(database.url);
  await undoOn(table, journal);
  await table.close();
  const after = new Map((await readLocations(database)).map((row) => [row.id, row.metaData]));
  return before
    .filter(({ id, metaData }) => after.get(id) !== metaData)
    .map(({ id }) => `${id}: not put back`);
}

/** Opens the table by way of a proxy's port, which must be able to read what goes through. */
export async function openBehind(
  port: number,
  database: GlanceDatabase,
  options: Partial<OpenOptions> = {},
): Promise<LocationTable> {
  // PostgreSQL would encrypt.
  const plain = database.dialect === 'postgresql' ? '?sslmode=disable' : '';
  return openTable(`${database.url.replace(/:\d+\//, `:${port}/`)}${plain}`, options);
}
