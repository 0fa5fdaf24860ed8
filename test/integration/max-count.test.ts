import { afterEach, describe, expect, it } from 'vitest';
import { DatabaseError } from '../../src/database/errors.ts';
import type { LocationTable } from '../../src/database/location-table.ts';
import { writingThrough } from '../support/batch-tables.ts';
import { runOn, type RunOptions, type RunResult } from '../support/backfill-run.ts';
import { fast, stores } from '../support/file-stores.ts';
import {
  createGlanceDatabase,
  DIALECTS,
  type DialectName,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { readLocations, seedLocations, type SeedLocation } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';

let database: GlanceDatabase;
let table: LocationTable;

/** Rows 1 to `count`; every third one is current already. */
async function prepare(dialect: DialectName, count: number): Promise<void> {
  database = await createGlanceDatabase(dialect);
  const rows = Array.from({ length: count }, (_, index): SeedLocation => {
    const id = index + 1;
    return { id, metaData: id % 3 === 0 ? fast : '{}' };
  });
  await database.run('BEGIN');
  await seedLocations(database, rows);
  await database.run('COMMIT');
  table = await openTable(database.url);
}

afterEach(async () => {
  await table.close();
  await database.drop();
});

const run = (options: Partial<RunOptions>, over = table): Promise<RunResult> =>
  runOn(over, { stores, batchSize: 4, ...options });

/** Ids of the rows that the run wrote. */
async function readWritten(): Promise<readonly number[]> {
  const rows = await readLocations(database);
  return rows.filter(({ id, metaData }) => id % 3 !== 0 && metaData === fast).map(({ id }) => id);
}

/** Outcomes add up, and rows beyond those that were written have none. */
function expectCutAt({ rows, decisions, ending }: RunResult, reached: number): void {
  expect([...decisions.keys()].sort((a, b) => a - b)).toEqual(
    Array.from({ length: reached }, (_, index) => index + 1),
  );
  expect(rows.examined).toBe(reached);
  expect(rows.current + rows.assigned + rows.conflicted).toBe(reached);
  expect(ending).toEqual({ kind: 'max-count', reached });
}

describe.each(DIALECTS)('a run of at most so many rows on %s', (dialect) => {
  it.each([1, 7, 10])('writes %i and leaves those beyond alone', async (maxCount) => {
    await prepare(dialect, 40);
    const result = await run({ maxCount });
    const toWrite = Array.from({ length: 40 }, (_, index) => index + 1).filter((id) => id % 3 > 0);
    expect(await readWritten()).toEqual(toWrite.slice(0, maxCount));
    expect(result.rows.assigned).toBe(maxCount);
    expectCutAt(result, (toWrite[maxCount] ?? 0) - 1);
  });

  it('finds in a dry run as many, and at the same place', async () => {
    await prepare(dialect, 40);
    const dry = await run({ maxCount: 7, mode: 'dry-run' });
    expect(await readWritten()).toEqual([]);
    const { rows, ending } = await run({ maxCount: 7 });
    expect(dry.rows).toEqual(rows);
    expect(dry.ending).toEqual(ending);
  });

  it('comes to the end of a table that has exactly as many to write', async () => {
    await prepare(dialect, 12);
    const { rows, ending } = await run({ maxCount: 8 });
    expect(rows).toMatchObject({ examined: 12, assigned: 8, current: 4 });
    expect(ending).toEqual({ kind: 'complete', reached: 12 });
  });

  it('writes another row for each that Glance changed or removed meanwhile, with three writers', async () => {
    await prepare(dialect, 60);
    const glance = await database.connect();
    let batches = 0;
    const interrupted = writingThrough(table, async (_ids, _updatedAt, write) => {
      batches += 1;
      if (batches === 1) {
        await glance.run('DELETE FROM image_locations WHERE id IN (2, 10)');
        await glance.run(`UPDATE image_locations SET meta_data = '${fast}' WHERE id = 4`);
        await glance.run(`UPDATE image_locations SET meta_data = '{"k": 1}' WHERE id = 5`);
      }
      if (batches === 2) throw new DatabaseError('a deadlock, on purpose', 'contended');
      return write();
    });
    const result = await run({ maxCount: 20, writers: dialect === 'sqlite' ? 1 : 3 }, interrupted);
    await glance.close();
    expect(result.rows).toMatchObject({ assigned: 20, conflicted: 2 });
    // 23 rows that lacked a store up to 34, of which three did not need one any more.
    expectCutAt(result, 34);
    const rows = await readLocations(database);
    const withStore = rows.filter(({ metaData }) => metaData?.includes('fast') === true);
    // Those that had one before or got it from Glance: 4, and every third up to 60.
    expect(withStore).toHaveLength(20 + 1 + 20);
  });
});
