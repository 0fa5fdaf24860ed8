import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { batchSizeFor, paceOf } from '../../src/commands/pace.ts';
import { longestIdle } from '../../src/database/dialects/dialect.ts';
import { mysql } from '../../src/database/dialects/mysql.ts';
import type { LocationTable } from '../../src/database/location-table.ts';
import { runOn } from '../support/backfill-run.ts';
import { openBehind } from '../support/faulty-run.ts';
import { fast, stores } from '../support/file-stores.ts';
import {
  type AdminSession,
  createGlanceDatabase,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { startFaultProxy } from '../support/servers-fault-proxy.ts';
import { fillLocations, readLocations } from '../support/servers-locations.ts';
import { awaitSession } from '../support/servers-sessions.ts';
import { openTable } from '../support/servers-table.ts';

const count = 30_000;

/** The longest that a statement of Glance may take beside a run (ms). */
const patience = 1_500;

describe.each(['mysql', 'postgresql'] as const)('row locks on %s', (dialect) => {
  let database: GlanceDatabase;
  let table: LocationTable;
  let glance: AdminSession;

  beforeEach(async () => {
    database = await createGlanceDatabase(dialect);
    await fillLocations(database, count);
    table = await openTable(database.url);
    glance = await database.connect();
  });

  afterEach(async () => {
    await glance.close();
    await table.close();
    await database.drop();
  });

  /** Has Glance save one row; tells how long that took (ms). */
  async function save(id: number): Promise<number> {
    const startedAt = performance.now();
    await glance.run(`UPDATE image_locations SET meta_data = '{"k": 1}' WHERE id = ${id}`);
    return performance.now() - startedAt;
  }

  it('a run with default settings keeps no statement of Glance waiting for long', async () => {
    const took: Promise<number>[] = [];
    let waited = 0;
    let underWay = 0;
    /** Called while the batch holds its locks. */
    const saveOneOf = (ids: readonly number[], batch: { isOpen: boolean }) => {
      if (underWay > 0) return;
      underWay += 1;
      const id = ids[Math.floor(Math.random() * ids.length)] ?? 1;
      const saved = save(id).finally(() => {
        underWay -= 1;
        // Sent before the batch was committed and answered after it.
        if (!batch.isOpen) waited += 1;
      });
      took.push(saved);
    };
    const watched: LocationTable = {
      ...table,
      async rewriteKinds(scope, updates, updatedAt) {
        const batch = { isOpen: true };
        // The statement takes its locks as it goes on: Glance comes before it to some rows, and after it to others.
        const saving = setTimeout(
          () => {
            saveOneOf(
              updates.flatMap(({ ids }) => ids),
              batch,
            );
          },
          5 + Math.random() * 40,
        );
        return table.rewriteKinds(scope, updates, updatedAt).finally(() => {
          clearTimeout(saving);
          batch.isOpen = false;
        });
      },
      async rewrite(ids, updatedAt, settle) {
        const batch = { isOpen: true };
        await table
          .rewrite(ids, updatedAt, (rows) => {
            saveOneOf(ids, batch);
            return settle(rows);
          })
          .finally(() => (batch.isOpen = false));
      },
    };
    const { rows } = await runOn(watched, {
      ...{ stores, batchSize: batchSizeFor(table, undefined), writers: paceOf(table).writers },
    });
    const times = await Promise.all(took);
    expect(rows.examined).toBe(count);
    expect(waited).toBeGreaterThan(0);
    expect(Math.max(...times)).toBeLessThan(patience);
    const texts = (await readLocations(database)).map(({ metaData }) => metaData);
    // A row that Glance saved after the run had written it has Glance's text.
    expect(texts.filter((text) => text === '{"k": 1}').length).toBeLessThanOrEqual(times.length);
    for (const text of texts)
      expect([fast, '{"k": 1}', '{"k": 1, "store": "fast"}']).toContain(text);
  });

  it('a batch that meets many locked rows, one after the other, gives way as well', async () => {
    const holders = await Promise.all([150, 300, 450, 600, 750, 900].map((id) => lockRow(id)));
    const releases = holders.map((holder, index) =>
      sleep(800 * (index + 1)).then(() => holder.run('COMMIT')),
    );
    const { running, retries } = startRun(1000);
    await sleep(200);
    // The batch has the first row, and waits for each of those locked for less than a second.
    expect(await save(1)).toBeLessThan(patience);
    await Promise.all(releases);
    for (const holder of holders) await holder.close();
    expect((await running).rows).toMatchObject({ examined: count, conflicted: 0 });
    expect(retries.length).toBeGreaterThan(0);
  });

  it('a batch of the largest size gives way with all but its last row written', async () => {
    const holder = await lockRow(5_000);
    const { running, retries } = startRun(5_000);
    await awaitSession(database, 'waiting for a row lock');
    expect(await save(1)).toBeLessThan(patience);
    await holder.run('COMMIT');
    await holder.close();
    expect((await running).rows).toMatchObject({ examined: count, assigned: count, conflicted: 0 });
    expect(retries.length).toBeGreaterThan(0);
  });

  it('a run that falls silent with locks in its hands is rid of them by the server', async () => {
    const proxy = await startFaultProxy(inject('servers')[dialect].port);
    const behind = await openBehind(proxy.port, database);
    let waited = 0;
    proxy.arm({
      ...{ fault: 'done, and its answer held until the server hangs up', at: 'update' },
      meanwhile: async () => {
        waited = await save(1);
      },
    });
    const { rows } = await runOn(behind, { stores, batchSize: 1000, writers: 1 });
    await behind.close();
    await proxy.close();
    expect(waited).toBeGreaterThan(500);
    expect(waited).toBeLessThan(1_000 * longestIdle + 1_500);
    expect(rows).toMatchObject({ examined: count, assigned: count, conflicted: 0 });
    const [first] = await readLocations(database);
    expect(first?.metaData).toBe('{"k": 1, "store": "fast"}');
  });

  /** A run of one writer, and what it tries again. */
  function startRun(batchSize: number) {
    const retries: string[] = [];
    const onRetry = (message: string) => retries.push(message);
    return { running: runOn(table, { stores, batchSize, writers: 1, onRetry }), retries };
  }

  async function lockRow(id: number): Promise<AdminSession> {
    const holder = await database.connect();
    await holder.run('BEGIN');
    await holder.run(`SELECT id FROM image_locations WHERE id = ${id} FOR UPDATE`);
    return holder;
  }

  it('a batch that meets a row locked for long gives way, and is written when the row is free', async () => {
    const holder = await lockRow(2000);
    const { running, retries } = startRun(1000);
    const took: number[] = [];
    const lock = { isHeld: true };
    const release = sleep(4_000).then(async () => {
      await holder.run('COMMIT');
      lock.isHeld = false;
    });
    // The batch of rows 1001 to 2000 holds locks up to the row that it waits for.
    for (let id = 1001; lock.isHeld; id++) {
      took.push(await save(id));
      await sleep(20);
    }
    await release;
    await holder.close();
    const { rows } = await running;
    expect(retries.length).toBeGreaterThanOrEqual(2);
    for (const message of retries) expect(message).toMatch(/row lock/);
    // Glance did meet the batch's locks, and never for longer than the batch waits for one.
    expect(Math.max(...took)).toBeGreaterThan(200);
    expect(Math.max(...took)).toBeLessThan(patience);
    expect(rows).toMatchObject({ examined: count, assigned: count, conflicted: 0 });
    const isSaved = (id: number) => id > 1000 && id <= 1000 + took.length;
    for (const { id, metaData } of await readLocations(database)) {
      if (!isSaved(id)) expect(metaData, `location ${id}`).toBe(fast);
      // Saved before the run came to the row, or after it had written that half of the batch.
      else expect(['{"k": 1, "store": "fast"}', '{"k": 1}'], `location ${id}`).toContain(metaData);
    }
  });
});

describe('the locked look of MySQL 8, on MariaDB', () => {
  /** What MySQL 8 makes of a statement: it heeds its own kind of comments, and not MariaDB's. */
  const asMysqlReads = (sql: string): string =>
    sql.replace(/\/\*M!.*?\*\//, '').replace(/\/\*!80001 (.*?)\*\//, '$1');

  it('gives way to whoever holds a row lock, at once', async () => {
    const database = await createGlanceDatabase('mysql');
    await fillLocations(database, 3);
    const holder = await database.connect();
    const other = await database.connect();
    await holder.run('BEGIN');
    await holder.run('SELECT id FROM image_locations WHERE id = 2 FOR UPDATE');
    const startedAt = performance.now();
    await other.run('SET innodb_lock_wait_timeout = 20');
    await expect(other.run(asMysqlReads(mysql.lock([1, 2, 3]).sql))).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await holder.close();
    await other.close();
    await database.drop();
  });
});
