import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocationTable } from '../../src/database/location-table.ts';
import { type RunOptions, runOn } from '../support/backfill-run.ts';
import { fastClock } from '../support/fast-clock.ts';
import { fast, stores } from '../support/file-stores.ts';
import {
  type AdminSession,
  createGlanceDatabase,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';

describe.each(['mysql', 'postgresql'] as const)('a run on %s', (dialect) => {
  let database: GlanceDatabase;
  let table: LocationTable;
  let glance: AdminSession;

  beforeEach(async () => {
    database = await createGlanceDatabase(dialect);
    const rows = Array.from({ length: 16 }, (_, index) => ({ id: index + 1 }));
    await seedLocations(database, rows);
    table = await openTable(database.url);
    glance = await database.connect();
    await glance.run('BEGIN');
    await glance.run('SELECT id FROM image_locations WHERE id = 16 FOR UPDATE');
  });
  afterEach(async () => {
    await glance.close();
    await table.close();
    await database.drop();
  });

  const run = () => runOn(table, { stores, batchSize: 16, writers: 1 });
  const countWritten = async () =>
    (await readLocations(database)).filter(({ metaData }) => metaData === fast).length;

  /** Waits until the run waits for a row lock, and kills that query. */
  async function killQuery(): Promise<void> {
    const [find, kill] =
      dialect === 'mysql'
        ? [
            `SELECT id FROM information_schema.innodb_trx JOIN information_schema.processlist
               ON id = trx_mysql_thread_id
             WHERE db = ? AND user = 'glance' AND trx_state = 'LOCK WAIT'`,
            (id: number) => `KILL QUERY ${id}`,
          ]
        : [
            `SELECT pid FROM pg_stat_activity
             WHERE datname = ? AND usename = 'glance' AND wait_event_type = 'Lock'`,
            (id: number) => `SELECT pg_cancel_backend(${id})`,
          ];
    for (;;) {
      const [row] = await database.run(find, [database.name]);
      if (row !== undefined) {
        await database.run(kill(Number(row[0])));
        return;
      }
      // MariaDB looks anew only for who has not asked for a tenth of a second.
      await sleep(110);
    }
  }

  it('whose batch waits for one row too long writes the others meanwhile', async () => {
    const running = run();
    await expect.poll(countWritten, { timeout: 30_000, interval: 100 }).toBe(15);
    await glance.run('COMMIT');
    expect((await running).rows).toMatchObject({ examined: 16, assigned: 16, conflicted: 0 });
    expect(await countWritten()).toBe(16);
  });

  it('whose row stays locked leaves it alone, and writes the others', async () => {
    const clock = fastClock(50);
    const troubles: RunOptions['troubles'] = [];
    const { rows, decisions, ending } = await runOn(table, {
      ...{ stores, batchSize: 4, writers: 1, clock, troubles },
    });
    expect(ending.kind).toBe('complete');
    expect(troubles.at(-1)).toBe('going on');
    expect(rows).toMatchObject({ examined: 16, assigned: 15, conflicted: 1 });
    const reason = 'locked by another transaction all the while';
    expect(decisions.get(16)).toEqual({ kind: 'conflicted', reason });
    expect(await countWritten()).toBe(15);
    await glance.run('COMMIT');
    expect((await run()).rows).toMatchObject({ assigned: 1, current: 15 });
  });

  it('whose query somebody kills tries once more', async () => {
    const running = run();
    await killQuery();
    await glance.run('COMMIT');
    expect((await running).rows).toMatchObject({ examined: 16, assigned: 16 });
    expect(await countWritten()).toBe(16);
  });

  it('whose query somebody kills twice ends, says so, and keeps what is committed', async () => {
    const ended = run().then(
      () => 'it came to its end',
      (error: unknown) => String(error),
    );
    await killQuery();
    await expect.poll(countWritten, { timeout: 30_000, interval: 50 }).toBe(8);
    // What MariaDB tells of waiting transactions is up to a tenth of a second old.
    await sleep(150);
    await killQuery();
    expect(await ended).toMatch(
      /somebody (killed|cancelled) the query.*, and did so again .* find out who/,
    );
    expect(await countWritten()).toBe(8);
  });
});
