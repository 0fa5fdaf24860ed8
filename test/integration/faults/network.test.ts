import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { LocationTable } from '../../../src/database/location-table.ts';
import {
  type FaultyRuns,
  openBehind,
  prepareFaultyRuns,
  wholeRun,
} from '../../support/faulty-run.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../../support/servers-database.ts';
import {
  type FaultProxy,
  faultPoints,
  networkFaults,
  silentFaults,
  startFaultProxy,
} from '../../support/servers-fault-proxy.ts';
import { causeMishap } from '../../support/servers-mishap.ts';
import { makeWorkplace, type Workplace } from '../../support/workplace.ts';

/** ms */
const answerTime = 400;

const matrix = networkFaults.flatMap((fault) => faultPoints.map((at) => ({ fault, at })));

describe.each(['mysql', 'postgresql'] as const)('on %s a run survives', (dialect) => {
  let database: GlanceDatabase;
  let endMishap: () => Promise<unknown>;
  let workplace: Workplace;
  let runs: FaultyRuns;
  let proxy: FaultProxy;
  let table: LocationTable | undefined;

  beforeAll(async () => {
    workplace = makeWorkplace();
    database = await createGlanceDatabase(dialect);
    runs = await prepareFaultyRuns(database, workplace);
    endMishap = await causeMishap(database, 15, 'fails as if in a deadlock');
    await endMishap();
  });
  afterAll(async () => {
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
    table = await openBehind(proxy.port, database, { answerTime });
    if (at === 'rollback') {
      // What fails is rolled back, and must not fail again.
      await database.run('INSERT INTO mishap VALUES (15)');
      proxy.arm({ fault, at, meanwhile: endMishap });
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
