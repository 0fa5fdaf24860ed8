import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocationTable } from '../../../src/database/location-table.ts';
import type { RunOptions } from '../../support/backfill-run.ts';
import { fastClock } from '../../support/fast-clock.ts';
import {
  type FaultyRuns,
  openBehind,
  prepareFaultyRuns,
  wholeRun,
} from '../../support/faulty-run.ts';
import { startMariaDb } from '../../support/mariadb-server.ts';
import { createPostgreSqlTemplate, startPostgreSql } from '../../support/postgresql-server.ts';
import type { Server } from '../../support/servers-address.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../../support/servers-database.ts';
import {
  type ArmedFault,
  type FaultProxy,
  faultPoints,
  startFaultProxy,
} from '../../support/servers-fault-proxy.ts';
import { causeMishap, delayCommitOf } from '../../support/servers-mishap.ts';
import { awaitSession, findSessions, killSession } from '../../support/servers-sessions.ts';
import { makeWorkplace, type Workplace } from '../../support/workplace.ts';

/** A server of the test's own, which loses nothing that it has committed when it is killed. */
async function startLastingServer(dialect: 'mysql' | 'postgresql'): Promise<Server> {
  if (dialect === 'mysql') return startMariaDb(['--innodb-flush-log-at-trx-commit=1']);
  const server = await startPostgreSql(['-c', 'synchronous_commit=on']);
  await createPostgreSqlTemplate(server.address);
  return server;
}

describe.each(['mysql', 'postgresql'] as const)('on %s a run survives', (dialect) => {
  let server: Server;
  let workplace: Workplace;
  let database: GlanceDatabase;
  let runs: FaultyRuns;
  let proxy: FaultProxy;
  let table: LocationTable;

  beforeAll(async () => {
    server = await startLastingServer(dialect);
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    workplace = makeWorkplace();
    database = await createGlanceDatabase(dialect, server.address);
    runs = await prepareFaultyRuns(database, workplace);
    await runs.reset();
    proxy = await startFaultProxy(server.address.port);
    table = await openBehind(proxy.port, database);
  });
  afterEach(async () => {
    await table.close();
    await proxy.close();
    await database.drop();
    workplace.remove();
  });

  /** Runs while something happens to the server just before it gets a statement. */
  async function runWhile(
    at: ArmedFault['at'],
    nth: number,
    meanwhile: () => Promise<unknown>,
    options: Partial<RunOptions> = {},
  ) {
    proxy.arm({ fault: 'held for a moment', at, nth, meanwhile });
    const { rows, wrongs, retries } = await runs.run(table, options);
    expect(proxy.struck()).toBe(1);
    expect(wrongs).toEqual([]);
    expect(rows).toEqual(wholeRun);
    return retries;
  }

  const killAll = async () => {
    for (const session of await findSessions(database, 'connected')) {
      await killSession(database, session);
    }
  };

  it.each(faultPoints.filter((at) => at !== 'rollback'))(
    'all its connections being killed before the server gets: %s',
    async (at) => {
      const retries = await runWhile(at, at === 'page read' ? 1 : 2, killAll);
      expect(retries).not.toEqual([]);
    },
  );

  it('a connection being killed while it waits for a row lock', async () => {
    const glance = await database.connect();
    await glance.run('BEGIN');
    await glance.run('SELECT id FROM image_locations WHERE id = 15 FOR UPDATE');
    const running = runs.run(table);
    await killSession(database, await awaitSession(database, 'waiting for a row lock'));
    await glance.run('COMMIT');
    await glance.close();
    const { rows, wrongs } = await running;
    expect(wrongs).toEqual([]);
    expect(rows).toEqual(wholeRun);
  });

  it('a connection being killed in the middle of an update', async () => {
    const recover = await causeMishap(database, 15, 'takes long');
    const running = runs.run(table);
    const session = await awaitSession(database, 'asleep in a trigger');
    await killSession(database, session);
    await recover();
    const { rows, wrongs, retries } = await running;
    expect(retries).toHaveLength(1);
    expect(wrongs).toEqual([]);
    expect(rows).toEqual(wholeRun);
  });

  if (dialect === 'postgresql') {
    it.each(['pg_terminate_backend', 'pg_cancel_backend'])(
      'a COMMIT that takes long and is ended by %s',
      async (end) => {
        const recover = await delayCommitOf(database, 15);
        const running = runs.run(table);
        const session = await awaitSession(database, 'asleep in a trigger');
        await recover();
        await database.run(`SELECT ${end}(${session})`);
        const { rows, wrongs, retries } = await running;
        expect(retries).toHaveLength(1);
        expect(wrongs).toEqual([]);
        expect(rows).toEqual(wholeRun);
      },
    );
  }

  it.each(['locked look', 'commit'] as const)(
    'a crash and restart of the server before it gets: %s',
    async (at) => {
      const retries = await runWhile(at, 2, () => restart());
      expect(retries).not.toEqual([]);
    },
  );

  it('a crash of the server that has just committed and not said so', async () => {
    const fault = 'dropped after the server has done it';
    proxy.arm({ fault, at: 'commit', nth: 2, meanwhile: () => restart() });
    const { rows, wrongs } = await runs.run(table);
    expect(wrongs).toEqual([]);
    expect(rows).toEqual(wholeRun);
  });

  it('a server that is away for 25 seconds, and tells of it once and when it is back', async () => {
    const troubles: RunOptions['troubles'] = [];
    const fault = 'dropped before the server gets it';
    proxy.arm({ fault, at: 'locked look', nth: 2, meanwhile: () => proxy.goAway(2_500) });
    const options = { clock: fastClock(10), writers: 1, troubles };
    const { rows, wrongs } = await runs.run(table, options);
    expect(proxy.struck()).toBe(1);
    expect(wrongs).toEqual([]);
    expect(rows).toEqual(wholeRun);
    expect(troubles).toEqual([
      expect.objectContaining({
        error: expect.objectContaining({ kind: 'transient' }) as unknown,
      }),
      'going on',
    ]);
  });

  it('a server that takes no writes for a while', async () => {
    const turnReadOnly = async () => {
      await setReadOnly(true);
      void sleep(2_500).then(() => setReadOnly(false));
    };
    const retries = await runWhile('locked look', 2, turnReadOnly, { clock: fastClock(10) });
    expect(retries.length).toBeGreaterThan(1);
    expect(retries[1]).toMatch(/read-only/);
  });

  /** The administrator's own session is gone, too, after a restart. */
  async function restart(): Promise<void> {
    await server.restart();
    await database.reconnect();
  }

  async function setReadOnly(isReadOnly: boolean): Promise<void> {
    const word = isReadOnly ? 'on' : 'off';
    if (dialect === 'mysql') {
      await database.run(`SET GLOBAL read_only = ${word}`);
      return;
    }
    await database.run(`ALTER SYSTEM SET default_transaction_read_only = ${word}`);
    await database.run('SELECT pg_reload_conf()');
  }
});
