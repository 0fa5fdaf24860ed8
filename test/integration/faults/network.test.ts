import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { LocationTable } from '../../../src/database/location-table.ts';
import {
  type FaultyRuns,
  openBehind,
  prepareFaultyRuns,
  wholeRun,
} from '../../support/faulty-run.ts';
import {
  type AdminSession,
  createGlanceDatabase,
  type GlanceDatabase,
} from '../../support/servers-database.ts';
import {
  type FaultProxy,
  faultPoints,
  networkFaults,
  silentFaults,
  startFaultProxy,
} from '../../support/servers-fault-proxy.ts';
import { makeWorkplace, type Workplace } from '../../support/workplace.ts';

/** ms; longer than a lock is waited for where the server has to have its say first */
const patience = { usual: 400, behindLocks: 1300 };

const matrix = networkFaults.flatMap((fault) => faultPoints.map((at) => ({ fault, at })));

describe.each(['mysql', 'postgresql'] as const)('on %s a run survives', (dialect) => {
  let database: GlanceDatabase;
  let glance: AdminSession;
  let workplace: Workplace;
  let runs: FaultyRuns;
  let proxy: FaultProxy;
  let table: LocationTable | undefined;

  beforeAll(async () => {
    workplace = makeWorkplace();
    database = await createGlanceDatabase(dialect);
    glance = await database.connect();
    runs = await prepareFaultyRuns(database, workplace);
  });
  afterAll(async () => {
    await glance.close();
    await database.drop();
    workplace.remove();
  });
  beforeEach(async () => {
    await runs.reset();
    proxy = await startFaultProxy(inject('servers')[dialect].port);
  });
  afterEach(async () => {
    await table?.close();
    await proxy.close();
    table = undefined;
  });

  it.each(matrix)('$at: $fault', async ({ fault, at }) => {
    const answerTime = at === 'rollback' ? patience.behindLocks : patience.usual;
    table = await openBehind(proxy.port, database, { answerTime });
    if (at === 'rollback') {
      // The wait for this lock is what is rolled back.
      await glance.run('BEGIN');
      await glance.run('SELECT id FROM image_locations WHERE id = 15 FOR UPDATE');
      proxy.arm({ fault, at, meanwhile: () => glance.run('COMMIT') });
    } else {
      proxy.arm({ fault, at, nth: at === 'page read' ? 1 : 2 });
    }
    const { rows, wrongs, retries } = await runs.run(table);
    expect(proxy.struck()).toBe(1);
    expect(wrongs).toEqual([]);
    expect(rows).toEqual(wholeRun);
    if (silentFaults.includes(fault) && at !== 'rollback') {
      expect(retries[0]).toMatch(/: no answer within 0\.4 s, so the connection was given up$/);
    }
  });
});
