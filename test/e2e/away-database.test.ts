import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { startCli } from '../support/cli.ts';
import { oneStoreConf } from '../support/file-stores.ts';
import { readReport } from '../support/reading.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { type FaultProxy, startFaultProxy } from '../support/servers-fault-proxy.ts';
import { seedLocations } from '../support/servers-locations.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

let database: GlanceDatabase;
let proxy: FaultProxy;
let workplace: Workplace;

beforeEach(async () => {
  const { port } = inject('servers').mysql;
  workplace = makeWorkplace();
  database = await createGlanceDatabase('mysql');
  await seedLocations(database, [{ id: 1 }, { id: 2 }]);
  proxy = await startFaultProxy(port);
  const url = database.url.replace(`:${port}/`, `:${proxy.port}/`);
  workplace.write('glance-api.conf', `${oneStoreConf}[database]\nconnection = ${url}\n`);
});
afterEach(async () => {
  await proxy.close();
  await database.drop();
  workplace.remove();
});

it('a database that is away for a while from the very first look on is told of once, but not with --quiet', async () => {
  proxy.arm({
    fault: 'dropped before the server gets it',
    at: 'highest id',
    nth: 2,
    meanwhile: () => proxy.goAway(16_000),
  });
  proxy.arm({ fault: 'held, and dropped when the client gives up', at: 'highest id' });
  const words = ['backfill', '--dry-run', '--config-file', 'glance-api.conf', '-f', 'json'];
  const options = { cwd: workplace.folder };
  const runs = [startCli(words, options), startCli([...words, '--quiet'], options)];
  const [loud, quiet] = await Promise.all(runs.map(({ ended }) => ended));
  if (loud === undefined || quiet === undefined) throw new Error('two were started');
  for (const run of [loud, quiet]) {
    expect(run.code).toBe(0);
    expect(readReport(run).rows).toMatchObject({ examined: 2, assigned: 2 });
  }
  expect(quiet.stderr).toBe('');
  expect(loud.stderr).toMatch(
    /^127\.0\.0\.1:\d+: .*, since \d\d:\d\d:\d\d UTC; trying again until \d\d:\d\d:\d\d UTC\ngoing on after \d+ s\n$/,
  );
});
