import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocationTable } from '../../../src/database/location-table.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../../support/servers-database.ts';
import { readLocations, seedLocations } from '../../support/servers-locations.ts';
import { openTable } from '../../support/servers-table.ts';

let database: GlanceDatabase;
let open: LocationTable[];

beforeEach(() => {
  open = [];
});
afterEach(async () => {
  for (const table of open) await table.close();
  await database.drop();
});

async function another(writers = 2): Promise<LocationTable> {
  const table = await openTable(database.url, { writers });
  open.push(table);
  return table;
}

/** The server hears of a closed or killed connection a moment later. */
async function takeSoon(table: LocationTable): Promise<string> {
  for (let tried = 1; ; tried++) {
    const { kind } = await table.lock();
    if (kind === 'taken' || tried === 50) return kind;
    await sleep(50);
  }
}

describe.each(['mysql', 'postgresql'] as const)('the lock on %s', (dialect) => {
  beforeEach(async () => {
    database = await createGlanceDatabase(dialect);
    await seedLocations(database, [{ id: 1, metaData: 'old' }]);
  });

  it('is held by one run at a time, and tells who that is', async () => {
    const [first, second] = [await another(), await another()];
    expect(await first.lock()).toEqual({ kind: 'taken' });
    const attempt = await second.lock();
    if (attempt.kind !== 'held') throw new Error(attempt.kind);
    const { connection, from, since } = attempt.holder;
    expect(connection).toBe(await holder());
    expect(from).toMatch(/^127\.0\.0\.1/);
    const age = Date.now() - Date.parse(`${since?.replace(' ', 'T') ?? ''}Z`);
    expect(age).toBeGreaterThan(-2_000);
    expect(age).toBeLessThan(60_000);
  });

  it('is free again when its run has closed', async () => {
    const [first, second] = [await another(), await another()];
    await first.lock();
    await open.shift()?.close();
    expect(await takeSoon(second)).toBe('taken');
  });

  it('leaves the connections of whoever did not get it as they were', async () => {
    const [first, second] = [await another(), await another()];
    await first.lock();
    await second.lock();
    await second.rewrite([1], new Date(), () => [{ id: 1, metaData: 'new' }]);
    expect((await readLocations(database))[0]?.metaData).toBe('new');
  });

  it('takes no connection from the writers', async () => {
    const table = await another(1);
    await table.lock();
    const admin = await database.connect();
    await admin.run('BEGIN');
    await admin.run('SELECT id FROM image_locations WHERE id = 1 FOR UPDATE');
    const writes = [1, 2, 3].map(() => table.rewrite([1], new Date(), () => []));
    let writers: readonly number[] = [];
    while (writers.length < 3) writers = await waitingConnections();
    await admin.run('ROLLBACK');
    await admin.close();
    await Promise.all(writes);
    expect(writers).not.toContain(await holder());
  });

  it('is one of each database', async () => {
    const elsewhere = await createGlanceDatabase(dialect);
    const table = await openTable(elsewhere.url);
    try {
      expect((await table.lock()).kind).toBe('taken');
      expect((await (await another()).lock()).kind).toBe('taken');
    } finally {
      await table.close();
      await elsewhere.drop();
    }
  });

  it('is lost with its connection, and the run goes on', async () => {
    const [first, second] = [await another(), await another()];
    await first.lock();
    await database.run(killing(dialect, await holder()));
    expect(await takeSoon(second)).toBe('taken');
    await first.rewrite([1], new Date(), () => [{ id: 1, metaData: 'new' }]);
    await open.shift()?.close();
    expect((await readLocations(database))[0]?.metaData).toBe('new');
  });

  /** The connections of this database that wait for a row. */
  async function waitingConnections(): Promise<number[]> {
    const rows = await database.run(
      dialect === 'mysql'
        ? `SELECT id FROM information_schema.PROCESSLIST
           WHERE db = DATABASE() AND info LIKE '%FOR UPDATE /*_80001 NOWAIT */'`
        : `SELECT pid FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.map(([id]) => Number(id));
  }

  /** The connection that holds the lock, as the server tells the administrator. */
  async function holder(): Promise<number> {
    const [row] = await database.run(
      dialect === 'mysql'
        ? `SELECT IS_USED_LOCK(CONCAT('glance-store-backfill.', LEFT(SHA2(DATABASE(), 256), 40)))`
        : `SELECT pid FROM pg_locks WHERE locktype = 'advisory'
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return Number(row?.[0]);
  }
});

function killing(dialect: 'mysql' | 'postgresql', connection: number): string {
  return dialect === 'mysql'
    ? `KILL CONNECTION ${connection}`
    : `SELECT pg_terminate_backend(${connection})`;
}

describe('the lock', () => {
  it('on PostgreSQL is refused without the right to it, and the table is of use all the same', async () => {
    database = await createGlanceDatabase('postgresql');
    await seedLocations(database, [{ id: 1 }]);
    await database.run(
      'REVOKE EXECUTE ON FUNCTION pg_try_advisory_xact_lock(int, int) FROM PUBLIC',
    );
    const table = await another();
    expect(await table.lock()).toEqual({
      kind: 'refused',
      why: 'permission denied for function pg_try_advisory_xact_lock',
    });
    await table.rewrite([1], new Date(), () => [{ id: 1, metaData: 'new' }]);
    expect((await readLocations(database))[0]?.metaData).toBe('new');
  });

  it('on PostgreSQL holds nothing back from vacuum', async () => {
    database = await createGlanceDatabase('postgresql');
    await (await another()).lock();
    const rows = await database.run(
      `SELECT state, backend_xid, backend_xmin FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in%'`,
    );
    expect(rows).toEqual([['idle in transaction', null, null]]);
  });

  it('is not needed on SQLite', async () => {
    database = await createGlanceDatabase('sqlite');
    expect(await (await another()).lock()).toEqual({ kind: 'unneeded' });
  });
});
