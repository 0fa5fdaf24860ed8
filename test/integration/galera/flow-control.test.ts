import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCli } from '../../support/cli.ts';
import { type GaleraCluster, startGaleraCluster } from '../../support/galera-cluster.ts';
import { oneStoreConf } from '../../support/file-stores.ts';
import { readReport } from '../../support/reading.ts';
import {
  type AdminSession,
  createGlanceDatabase,
  type GlanceDatabase,
  mariaDbSession,
} from '../../support/servers-database.ts';
import { fillLocations } from '../../support/servers-locations.ts';
import { makeWorkplace, type Workplace } from '../../support/workplace.ts';

const count = 4_000;

let cluster: GaleraCluster;
let database: GlanceDatabase;
let workplace: Workplace;
/** What the third node says, which cannot keep up. */
let slow: AdminSession;

beforeAll(async () => {
  cluster = await startGaleraCluster();
  workplace = makeWorkplace();
  database = await createGlanceDatabase('mysql', cluster.nodes[0].address);
  await fillLocations(database, count);
  slow = await mariaDbSession(cluster.nodes[2].address, database.name);
  workplace.write(
    'glance-api.conf',
    `${oneStoreConf}[database]
connection = ${database.url}
`,
  );
});

afterAll(async () => {
  await slow.close();
  await database.drop();
  await cluster.stop();
  workplace.remove();
});

async function countLabelled(): Promise<number> {
  const rows = await database.run(
    `SELECT COUNT(*) FROM image_locations WHERE meta_data = '{"store": "fast"}'`,
  );
  return Number(rows[0]?.[0]);
}

it('pauses while a node that cannot keep up stops the cluster, and goes on when it has caught up', async () => {
  await slow.run(`SET GLOBAL wsrep_provider_options = 'gcs.fc_limit=2'`);
  const options = ['--config-file', 'glance-api.conf', '-f', 'json', '--verbose'];
  const running = startCli(['backfill', ...options, '--batch-size', '20'], {
    cwd: workplace.folder,
  });
  await expect.poll(countLabelled, { timeout: 10_000 }).toBeGreaterThan(40);
  // Nothing is applied on the third node from here on: what it has still to do piles up, and it stops the cluster.
  await slow.run('LOCK TABLES image_locations READ');
  await sleep(1_000);
  const stopped = await countLabelled();
  await sleep(1_000);
  // The COMMIT under way waits with it.
  expect((await countLabelled()) - stopped).toBeLessThanOrEqual(20);
  expect(stopped).toBeLessThan(count);
  await slow.run('UNLOCK TABLES');
  await expect
    .poll(() => running.stderr(), { timeout: 10_000 })
    .toMatch(/paused: Galera flow control/);
  const report = readReport(await running.ended);
  expect(report).toMatchObject({ exitCode: 0, rows: { examined: count, assigned: count } });
  expect(await countLabelled()).toBe(count);
});
