import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocationTable } from '../../../src/database/location-table.ts';
import { startMariaDb } from '../../support/mariadb-server.ts';
import type { Server } from '../../support/servers-address.ts';
import {
  type AdminSession,
  createGlanceDatabase,
  type GlanceDatabase,
} from '../../support/servers-database.ts';
import { failureOf } from '../../support/servers-failure.ts';
import { readLocations, seedLocations } from '../../support/servers-locations.ts';
import { openTable } from '../../support/servers-table.ts';

let database: GlanceDatabase;
let table: LocationTable;

async function prepare(dialect: GlanceDatabase['dialect'], server?: Server): Promise<void> {
  database = await createGlanceDatabase(dialect, server?.address);
  await seedLocations(database, [{ id: 1, metaData: 'old' }]);
  table = await openTable(database.url);
}

afterEach(async () => {
  await table.close();
  await database.drop();
});

const rewrite = () => table.rewrite([1], new Date(), () => [{ id: 1, metaData: 'new' }]);

/** The batch fails in a way that passes, and can be written once the cause is gone. */
async function expectToPass(
  kind: 'transient' | 'contended',
  code: string,
  mend: () => Promise<unknown>,
): Promise<void> {
  expect(await failureOf(rewrite())).toMatchObject({ kind, cause: { code } });
  expect(await readLocations(database)).toMatchObject([{ metaData: 'old' }]);
  await mend();
  await rewrite();
  expect(await readLocations(database)).toMatchObject([{ metaData: 'new' }]);
}

describe('MariaDB', () => {
  let server: Server;
  beforeAll(async () => {
    // Without a limit from the start none can be set later.
    server = await startMariaDb(['--max-user-connections=100']);
  });
  afterAll(() => server.stop());
  beforeEach(() => prepare('mysql', server));

  /** New connections of the program find the server's defaults of now. */
  async function reconnect(): Promise<void> {
    await table.close();
    table = await openTable(database.url);
  }

  it('ends a statement that exceeds max_statement_time', async () => {
    await database.run('SET GLOBAL max_statement_time = 0.3');
    await reconnect();
    await database.run('SET GLOBAL max_statement_time = 0');
    await database.run(
      'CREATE TRIGGER slow BEFORE UPDATE ON image_locations FOR EACH ROW SET @slept = SLEEP(1)',
    );
    await expectToPass('contended', '1969', () => database.run('DROP TRIGGER slow'));
  });

  it('has no connection left for a batch', async () => {
    await killConnections();
    await database.run('SET GLOBAL max_connections = 10');
    const crowd = await openCrowd();
    await expectToPass('transient', '1040', async () => {
      for (const session of crowd) await session.close();
      await database.run('SET GLOBAL max_connections = 151');
    });
  });

  it('has no connection left for this user', async () => {
    await killConnections();
    await database.run('SET GLOBAL max_user_connections = 1');
    const first = await openTable(database.url);
    await expectToPass('transient', '1203', async () => {
      await first.close();
      await database.run('SET GLOBAL max_user_connections = 100');
    });
  });

  it('closes a connection that is idle for longer than wait_timeout', async () => {
    await database.run('SET GLOBAL wait_timeout = 1');
    await reconnect();
    await database.run('SET GLOBAL wait_timeout = 28800');
    await sleep(2_500);
    // Whether the pool has noticed or the batch does: either it is written, or it may be tried again.
    const failure = await rewrite().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure !== undefined) expect(failure).toMatchObject({ kind: 'transient' });
    await rewrite();
    expect(await readLocations(database)).toMatchObject([{ metaData: 'new' }]);
  });

  /** Takes every connection that is left to those who are no administrators. */
  async function openCrowd(): Promise<readonly AdminSession[]> {
    const crowd: AdminSession[] = [];
    for (;;) {
      try {
        crowd.push(await database.connect());
      } catch {
        // An administrator has one more than the others.
        await crowd.pop()?.close();
        return crowd;
      }
    }
  }

  async function killConnections(): Promise<void> {
    const ids = await database.run(
      `SELECT id FROM information_schema.processlist WHERE user = 'glance'`,
    );
    for (const [id] of ids) await database.run(`KILL ${Number(id)}`);
    await sleep(100);
  }
});

describe('PostgreSQL', () => {
  beforeEach(() => prepare('postgresql'));

  it('has no connection left for a batch', async () => {
    await database.run(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'glance'`,
    );
    await sleep(100);
    await database.run(`ALTER DATABASE ${database.name} CONNECTION LIMIT 0`);
    await expectToPass('transient', '53300', () =>
      database.run(`ALTER DATABASE ${database.name} CONNECTION LIMIT -1`),
    );
  });

  it('tells a statement that exceeds statement_timeout from one that somebody cancelled', async () => {
    await database.run(`ALTER DATABASE ${database.name} SET statement_timeout = '300ms'`);
    await table.close();
    table = await openTable(database.url);
    await database.run(
      `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NEW; END'`,
    );
    await database.run(
      'CREATE TRIGGER slow BEFORE UPDATE ON image_locations FOR EACH ROW EXECUTE FUNCTION slow()',
    );
    await expectToPass('contended', '57014', () =>
      database.run('DROP TRIGGER slow ON image_locations'),
    );
  });
});
