import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { LocationTable } from '../../src/database/location-table.ts';
import { runOn, type RunOptions, type RunResult } from '../support/backfill-run.ts';
import { perBatch } from '../support/batch-tables.ts';
import { waitUntil } from '../support/cli.ts';
import { fast, twoStores } from '../support/file-stores.ts';
import { countBy } from '../support/reading.ts';
import {
  type AdminSession,
  createGlanceDatabase,
  DIALECTS,
  type DialectName,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { readLocations, type SeedLocation, seedLocations } from '../support/servers-locations.ts';
import { startCuttingProxy } from '../support/servers-proxy.ts';
import { findSessions, killSession } from '../support/servers-sessions.ts';
import { openTable } from '../support/servers-table.ts';
import { watchUpdates } from '../support/servers-updates.ts';

const setup = { stores: twoStores };

let database: GlanceDatabase;
let table: LocationTable;
/** Glance's own connection. */
let glance: AdminSession;

/** How a batch's rows are compared with the plan: by the server, as they are of one kind, or each by itself. */
const rowsBy = {
  'rows of one kind': () => ({}),
  'rows each of its own': (id: number) => ({ value: `file:///images/${id}` }),
};

async function prepare(
  dialect: DialectName,
  rows: number,
  differences: (id: number) => Partial<SeedLocation> = rowsBy['rows of one kind'],
): Promise<void> {
  database = await createGlanceDatabase(dialect);
  await database.run('BEGIN');
  await seedLocations(
    database,
    Array.from({ length: rows }, (_, index) => ({ ...differences(index + 1), id: index + 1 })),
  );
  await database.run('COMMIT');
  table = await openTable(database.url);
  glance = await database.connect();
}

afterEach(async () => {
  await glance.close();
  await table.close();
  await database.drop();
});

/** The table, with something done by others before the batch of that number, from 1 up, is written. */
function interrupted(batch: number, act: () => Promise<unknown>): LocationTable {
  let isDone = false;
  return perBatch(table, async (number) => {
    if (number === batch && !isDone) {
      isDone = true;
      await act();
    }
    return table;
  });
}

const textOf = async (id: number) =>
  (await readLocations(database)).find((location) => location.id === id)?.metaData;

function expectSumOf({ rows }: RunResult, examined: number): void {
  const { current, assigned, replaced, skipped, unmatched, ambiguous, unreadable, conflicted } =
    rows;
  expect(rows.examined).toBe(examined);
  expect(
    current + assigned + replaced + skipped + unmatched + ambiguous + unreadable + conflicted,
  ).toBe(examined);
}

/** Has Glance begin a transaction and lock rows; on SQLite that locks them all. */
async function lockRows(condition: string): Promise<void> {
  const isSqlite = database.dialect === 'sqlite';
  await glance.run(isSqlite ? 'BEGIN IMMEDIATE' : 'BEGIN');
  if (isSqlite) return;
  await glance.run(`SELECT id FROM image_locations WHERE ${condition} FOR UPDATE`);
}

/** Ends all connections of the user glance to the database. */
async function killConnections(): Promise<void> {
  for (const session of await findSessions(database, 'connected')) {
    await killSession(database, session);
  }
}

describe.each(DIALECTS)('on %s', (dialect) => {
  describe.each(Object.entries(rowsBy))(
    'while Glance changes %s between read and write',
    (_, differences) => {
      beforeEach(() => prepare(dialect, 12, differences));

      const update = (id: number, set: string, ...values: readonly unknown[]) =>
        glance.run(`UPDATE image_locations SET ${set} WHERE id = ${id}`, values);
      const gone = dialect === 'postgresql' ? 'deleted = true' : 'deleted = 1';

      /** What Glance does, each time to another row. */
      const changes: readonly {
        readonly id: number;
        readonly act: () => Promise<unknown>;
        readonly outcome: string;
        readonly text: string | undefined;
      }[] = [
        { id: 1, act: () => Promise.resolve(), outcome: 'assigned', text: fast },
        {
          id: 2,
          act: () => update(2, 'meta_data = ?', '{"k": 1}'),
          outcome: 'assigned',
          text: '{"k": 1, "store": "fast"}',
        },
        {
          id: 3,
          act: () => update(3, 'meta_data = ?', '{"store":"fast"}'),
          outcome: 'current',
          text: '{"store":"fast"}',
        },
        {
          id: 4,
          act: () => update(4, 'meta_data = ?', '{"store": "slow"}'),
          outcome: 'current',
          text: '{"store": "slow"}',
        },
        {
          id: 5,
          act: () => update(5, 'meta_data = ?', '{"store": "old"}'),
          outcome: 'replaced',
          text: fast,
        },
        {
          id: 6,
          act: () => update(6, 'value = ?', 'file:///slow/6'),
          outcome: 'assigned',
          text: '{"store": "slow"}',
        },
        {
          id: 7,
          act: () => update(7, 'value = ?', 'file:///elsewhere/7'),
          outcome: 'unmatched',
          text: '{}',
        },
        { id: 8, act: () => update(8, 'meta_data = ?', '[1]'), outcome: 'unreadable', text: '[1]' },
        {
          id: 9,
          act: () => update(9, `status = 'deleted', ${gone}`),
          outcome: 'conflicted',
          text: '{}',
        },
        {
          id: 10,
          act: () => update(10, `status = 'pending_delete', ${gone}`),
          outcome: 'conflicted',
          text: '{}',
        },
        {
          id: 11,
          act: () => glance.run('DELETE FROM image_locations WHERE id = 11'),
          outcome: 'conflicted',
          text: undefined,
        },
        { id: 12, act: () => update(12, 'meta_data = NULL'), outcome: 'assigned', text: fast },
      ];

      async function changeAll(): Promise<void> {
        for (const { act } of changes) await act();
        await seedLocations(database, [{ id: 13 }]);
      }

      it('each row ends by what it is under lock, and the outcomes add up', async () => {
        const result = await runOn(interrupted(1, changeAll), setup);
        for (const { id, outcome, text } of changes) {
          expect(result.decisions.get(id)?.kind, `location ${id}`).toBe(outcome);
          expect(await textOf(id), `location ${id}`).toBe(text);
        }
        expectSumOf(result, 12);
        expect(result.rows).toMatchObject(countBy(changes, ({ outcome }) => outcome));
        expect(result.rows.contradicting).toBe(1);
      });

      it('only rows that are written get another updated_at', async () => {
        const before = new Map((await readLocations(database)).map((row) => [row.id, row]));
        const { decisions } = await runOn(interrupted(1, changeAll), setup);
        for (const { id, updatedAt } of await readLocations(database)) {
          const isWritten = ['assigned', 'replaced'].includes(decisions.get(id)?.kind ?? '');
          if (before.has(id)) expect(updatedAt !== before.get(id)?.updatedAt).toBe(isWritten);
        }
      });

      it('a row added during the run is left to the next one, which finds the others done', async () => {
        const first = await runOn(interrupted(1, changeAll), setup);
        expect(first.decisions.has(13)).toBe(false);
        expect(await textOf(13)).toBe('{}');
        const second = await runOn(table, setup);
        expect(await textOf(13)).toBe(fast);
        expectSumOf(second, 10);
        expect(second.rows).toMatchObject({ assigned: 1, current: 7, unmatched: 1, unreadable: 1 });
      });

      it('a dry run writes nothing', async () => {
        const before = await readLocations(database);
        const { rows } = await runOn(table, { ...setup, mode: 'dry-run' });
        expect(rows).toMatchObject({ examined: 12, assigned: 12 });
        expect(await readLocations(database)).toEqual(before);
      });
    },
  );

  it('two runs that planned the same rows write every one once', async () => {
    const rows = 400;
    await prepare(dialect, rows);
    const updates = (await watchUpdates(database)).ids;
    const other = await openTable(database.url);
    const retried = new Set<LocationTable>();
    const start = (its: LocationTable) =>
      runOn(its, { ...setup, batchSize: 10, onRetry: () => retried.add(its) });
    // As on two nodes of a cluster, where the lock that keeps a second run away does not reach.
    await lockRows('id <= 400');
    const runs = [start(table), start(other)];
    await waitUntil('both wait for the lock', () => retried.size === 2);
    await glance.run('COMMIT');
    const results = await Promise.all(runs);
    await other.close();
    for (const { rows: counts } of results) expect(counts.assigned + counts.current).toBe(rows);
    expect(results.reduce((sum, { rows: { assigned } }) => sum + assigned, 0)).toBe(rows);
    const written = await updates();
    expect(written).toHaveLength(rows);
    expect(new Set(written).size).toBe(rows);
    const texts = (await readLocations(database)).map(({ metaData }) => metaData);
    expect(new Set(texts)).toEqual(new Set([fast]));
  });

  it('a lock that somebody holds for 2.5 s delays the run and does not fail it', async () => {
    await prepare(dialect, 30);
    const updates = (await watchUpdates(database)).ids;
    await lockRows('id = 15');
    await glance.run(`UPDATE image_locations SET meta_data = '{"k": 1}' WHERE id = 15`);
    const startedAt = performance.now();
    const release = sleep(2500).then(() => glance.run('COMMIT'));
    const retries: string[] = [];
    const result = await runOn(table, {
      ...setup,
      batchSize: 10,
      onRetry: (message) => retries.push(message),
    });
    await release;
    expect(performance.now() - startedAt).toBeGreaterThan(2400);
    expect(retries[0]).toMatch(/lock/);
    expect(retries.length).toBeGreaterThanOrEqual(2);
    expect(result.rows).toMatchObject({ examined: 30, assigned: 30 });
    expect(await textOf(15)).toBe('{"k": 1, "store": "fast"}');
    const ids = await updates();
    expect(ids.filter((id) => id !== 15)).toHaveLength(29);
  });
});

describe.each(['mysql', 'postgresql'] as const)('on %s', (dialect) => {
  /** Else the proxy could not tell what goes through it. */
  const unencrypted = dialect === 'postgresql' ? '?sslmode=disable' : '';
  const batched: RunOptions = { ...setup, batchSize: 10, writers: 1 };

  it('a connection killed between two batches is replaced', async () => {
    await prepare(dialect, 30);
    const updates = (await watchUpdates(database)).ids;
    const result = await runOn(interrupted(2, killConnections), batched);
    expect(result.rows).toMatchObject({ examined: 30, assigned: 30 });
    expect(new Set(await updates()).size).toBe(30);
    expect(await updates()).toHaveLength(30);
  });

  it('a connection killed within a transaction loses nothing and writes nothing twice', async () => {
    await prepare(dialect, 30);
    const updates = (await watchUpdates(database)).ids;
    await lockRows('id = 25');
    const retries: string[] = [];
    const running = runOn(table, { ...batched, onRetry: (message) => retries.push(message) });
    // The first two batches are written; the third waits for the lock.
    await expect.poll(async () => (await updates()).length).toBe(20);
    await killConnections();
    await glance.run('COMMIT');
    expect((await running).rows).toMatchObject({ examined: 30, assigned: 30 });
    expect(retries.length).toBeGreaterThan(0);
    expect(await updates()).toHaveLength(30);
  });

  it.each(['before the server gets it', 'before the client gets the answer'] as const)(
    'a connection lost at COMMIT, %s: its rows are written once and counted once',
    async (when) => {
      await prepare(dialect, 30);
      const updates = (await watchUpdates(database)).ids;
      const { port } = inject('servers')[dialect];
      const proxy = await startCuttingProxy(port, when);
      const cut = await openTable(
        database.url.replace(`:${port}/`, `:${proxy.port}/`) + unencrypted,
      );
      let batches = 0;
      const lossy = perBatch(table, (batch) => {
        batches = batch;
        return Promise.resolve(batch === 2 ? cut : table);
      });
      const result = await runOn(lossy, batched);
      await cut.close();
      await proxy.close();
      expect(proxy.cuts()).toBe(1);
      expect(batches).toBe(4);
      expect(result.rows).toMatchObject({ examined: 30, assigned: 30 });
      expect(await updates()).toHaveLength(30);
      expect(await textOf(15)).toBe(fast);
    },
  );
});
