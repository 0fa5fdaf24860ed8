import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { realClock } from '../../src/backfill/clock.ts';
import { statusNames } from '../../src/backfill/server-load.ts';
import { createThrottle, type Throttle } from '../../src/backfill/throttle.ts';
import type { LocationTable } from '../../src/database/location-table.ts';
import { runOn } from '../support/backfill-run.ts';
import { waitUntil } from '../support/cli.ts';
import { stores } from '../support/file-stores.ts';
import { GLANCE_PASSWORD } from '../support/servers-address.ts';
import { createGlanceDatabase, type GlanceDatabase, urlFor } from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';

const signals = { limits: [{ name: 'threads_connected', most: 100_000 }], galera: false };

describe('a load that cannot be read', () => {
  /** An account of this test's own, to be locked out. */
  const user = `throttled_${process.pid}`;
  let database: GlanceDatabase;
  let table: LocationTable;
  let told: string[];

  beforeEach(async () => {
    told = [];
    database = await createGlanceDatabase('mysql');
    await seedLocations(database, [{ id: 1 }, { id: 2 }]);
    await database.run(`CREATE USER ${user}@'%' IDENTIFIED BY '${GLANCE_PASSWORD}'`);
    await database.run(`GRANT SELECT, UPDATE ON ${database.name}.image_locations TO ${user}@'%'`);
    table = await openTable(urlFor('mysql+pymysql', inject('servers').mysql, database.name, user));
  });
  afterEach(async () => {
    await table.close();
    await database.run(`DROP USER ${user}@'%'`);
    await database.drop();
  });

  const lockOut = async () => {
    await database.run(`ALTER USER ${user}@'%' ACCOUNT LOCK`);
    await database.run(`KILL USER ${user}`);
  };
  const letIn = () => database.run(`ALTER USER ${user}@'%' ACCOUNT UNLOCK`);

  function throttle(): Throttle {
    const { readStatus } = table;
    if (readStatus === undefined) throw new Error('MariaDB has status variables');
    return createThrottle({
      load: { signals, read: () => readStatus(statusNames(signals)) },
      rate: undefined,
      clock: realClock,
      stop: new AbortController().signal,
      observer: {
        paused: (reason) => told.push(reason),
        resumed: () => told.push('resumed'),
        gaveUp: (reason) => told.push(`gave up: ${reason}`),
      },
    });
  }

  it('pauses the run until the server lets the program in again', async () => {
    await lockOut();
    const run = runOn(
      { ...table, lastId: () => Promise.resolve(2) },
      { stores, throttle: throttle() },
    );
    await waitUntil('a second try', () => told.length >= 2);
    await letIn();
    expect((await run).rows.assigned).toBe(2);
    expect(told[0]).toMatch(/^the server's load cannot be read: .*(lock|killed|lost|closed)/);
    expect(told.at(-1)).toBe('resumed');
    expect((await readLocations(database)).map(({ metaData }) => metaData)).toEqual(
      Array(2).fill('{"store": "fast"}'),
    );
  });

  it('is read over a new connection when the old one was killed', async () => {
    const waiting = throttle();
    await waiting.pass();
    await database.run(`KILL USER ${user}`);
    await realClock.sleep(300, new AbortController().signal);
    await waiting.pass();
    expect(told.filter((line) => line.startsWith('gave up'))).toEqual([]);
    expect((await table.readStatus?.(['THREADS_CONNECTED']))?.get('Threads_connected')).toMatch(
      /^\d+$/,
    );
  });
});

it.each(['postgresql', 'sqlite'] as const)('%s has no status variables', async (dialect) => {
  const database = await createGlanceDatabase(dialect);
  const table = await openTable(database.url);
  expect(table.readStatus).toBeUndefined();
  await table.close();
  await database.drop();
});
