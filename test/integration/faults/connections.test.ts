import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { LocationTable } from '../../../src/database/location-table.ts';
import {
  type FaultyRuns,
  openBehind,
  prepareFaultyRuns,
  wholeRun,
} from '../../support/faulty-run.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../../support/servers-database.ts';
import { type FaultProxy, startFaultProxy } from '../../support/servers-fault-proxy.ts';
import { causeMishap } from '../../support/servers-mishap.ts';
import { openTable } from '../../support/servers-table.ts';
import { makeWorkplace, type Workplace } from '../../support/workplace.ts';

describe.each(['mysql', 'postgresql'] as const)('on %s a run gives up a connection', (dialect) => {
  const server = inject('servers')[dialect];
  let database: GlanceDatabase;
  let workplace: Workplace;
  let runs: FaultyRuns;
  let proxy: FaultProxy;
  let table: LocationTable | undefined;

  beforeEach(async () => {
    workplace = makeWorkplace();
    database = await createGlanceDatabase(dialect);
    runs = await prepareFaultyRuns(database, workplace);
    await runs.reset();
    proxy = await startFaultProxy(server.port);
  });
  afterEach(async () => {
    await table?.close();
    await proxy.close();
    await database.drop();
    workplace.remove();
  });

  it('that is encrypted and silent', async () => {
    const tls = dialect === 'mysql' ? `ssl_ca=${server.certificates.ca}` : 'sslmode=require';
    const url = database.url.replace(`:${server.port}/`, `:${proxy.port}/`);
    table = await openTable(`${url}?${tls}`, { answerTime: 400 });
    const fault = 'held, and dropped when the client gives up';
    // The page: by then a connection is open, and no other one being opened.
    proxy.arm({ fault, at: 'any statement', nth: 2 });
    const { rows, wrongs } = await runs.run(table);
    expect(proxy.struck()).toBe(1);
    expect(wrongs).toEqual([]);
    expect(rows).toEqual(wholeRun);
  });

  it('whose transaction can be neither committed nor rolled back', async () => {
    const recover = await causeMishap(database, 15, 'fails as if in a deadlock');
    table = await openBehind(proxy.port, database);
    proxy.arm({ fault: 'refused by the server', at: 'rollback', meanwhile: recover });
    const { rows, wrongs } = await runs.run(table, { writers: 1 });
    expect(proxy.struck()).toBe(1);
    expect(wrongs).toEqual([]);
    expect(rows).toEqual(wholeRun);
  });

  it('in good time when the run is over', async () => {
    table = await openBehind(proxy.port, database, { answerTime: 400 });
    const fault = 'held, and dropped when the client gives up';
    proxy.arm({ fault, at: 'page read' });
    await runs.run(table);
    const startedAt = performance.now();
    await table.close();
    table = undefined;
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
