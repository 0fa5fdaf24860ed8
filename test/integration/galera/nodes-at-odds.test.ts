import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { LocationTable } from '../../../src/database/location-table.ts';
import type { UndoReport } from '../../../src/report/undo-report.ts';
import { runOn } from '../../support/backfill-run.ts';
import { type RunningCli, startCli } from '../../support/cli.ts';
import {
  type GaleraCluster,
  type GaleraNode,
  startGaleraCluster,
} from '../../support/galera-cluster.ts';
import { oneStoreConf, stores } from '../../support/file-stores.ts';
import { readReport } from '../../support/reading.ts';
import {
  type AdminSession,
  createGlanceDatabase,
  type GlanceDatabase,
  mariaDbSession,
  urlFor,
} from '../../support/servers-database.ts';
import { fillLocations } from '../../support/servers-locations.ts';
import { startCuttingProxy } from '../../support/servers-proxy.ts';
import { openTable } from '../../support/servers-table.ts';
import { journalAt } from '../../support/undo-run.ts';
import { makeWorkplace, type Workplace } from '../../support/workplace.ts';

const count = 4_000;

let cluster: GaleraCluster;
let database: GlanceDatabase;
let workplace: Workplace;
/** What the second node says. */
let second: AdminSession;

beforeAll(async () => {
  cluster = await startGaleraCluster();
});
afterAll(() => cluster.stop());

beforeEach(async () => {
  workplace = makeWorkplace();
  database = await createGlanceDatabase('mysql', cluster.nodes[0].address);
  await fillLocations(database, count);
  second = await mariaDbSession(cluster.nodes[1].address, database.name);
  await second.run('SET SESSION wsrep_sync_wait = 1');
});

afterEach(async () => {
  await second.run('SET GLOBAL wsrep_max_ws_rows = 0');
  // Through the second node where the first is dead.
  await database.drop().catch(() => second.run(`DROP DATABASE ${database.name}`));
  await second.close();
  workplace.remove();
});

/** Rows with exactly this text, as the second node has them. */
async function countText(metaData: string): Promise<number> {
  const rows = await second.run('SELECT COUNT(*) FROM image_locations WHERE meta_data = ?', [
    metaData,
  ]);
  return Number(rows[0]?.[0]);
}
const fast = '{"store": "fast"}';

function start(command: readonly string[], node: GaleraNode): RunningCli {
  const connection = urlFor('mysql+pymysql', node.address, database.name);
  workplace.write('glance-api.conf', `${oneStoreConf}[database]\nconnection = ${connection}\n`);
  const options = ['--config-file', 'glance-api.conf', '-f', 'json', '--verbose'];
  return startCli([...command, ...options], { cwd: workplace.folder });
}

/** The number of rows of each batch in a journal, in the order of its lines; an outcome is a 0. */
function readBatches(journal: string): readonly number[] {
  const lines = workplace.read(journal).trim().split('\n').slice(1, -1);
  return lines.map((line) => {
    const { changes } = JSON.parse(line) as { changes?: { ids: number[] }[] };
    return (changes ?? []).reduce((sum, { ids }) => sum + ids.length, 0);
  });
}

it('heeds wsrep_max_ws_rows, and writes one batch at a time unless told otherwise', async () => {
  await second.run('SET GLOBAL wsrep_max_ws_rows = 500');
  const [, node] = cluster.nodes;
  const report = readReport(await start(['backfill', '--journal', 'run.ndjson'], node).ended);
  expect(report).toMatchObject({ exitCode: 0, rows: { assigned: count } });
  expect(await countText(fast)).toBe(count);
  const batches = readBatches('run.ndjson');
  expect(Math.max(...batches)).toBe(500);
  // A plan, its outcome, the next plan.
  expect(batches.every((rows, line) => rows > 0 === (line % 2 === 0))).toBe(true);
  const undo = ['undo', 'run.ndjson', '--journal', 'undo.ndjson'];
  expect(readReport(await start(undo, node).ended)).toMatchObject({
    rows: { restored: count },
  });
  expect(Math.max(...readBatches('undo.ndjson'))).toBeLessThanOrEqual(500);
});

it.each(['before the server gets it', 'before the client gets the answer'] as const)(
  'a COMMIT lost on one node, %s, is settled on another',
  async (when) => {
    const [{ address }, other] = cluster.nodes;
    const proxy = await startCuttingProxy(address.port, when);
    const cut = await openTable(database.url.replace(`:${address.port}/`, `:${proxy.port}/`));
    const table = await openTable(urlFor('mysql+pymysql', other.address, database.name));
    let batches = 0;
    const lossy: LocationTable = {
      ...table,
      rewrite: (...rewrite) => ((batches += 1) === 2 ? cut : table).rewrite(...rewrite),
    };
    const journal = journalAt(workplace.path('run.ndjson'));
    const { rows } = await runOn(lossy, { stores, writers: 1, journal });
    await journal.close();
    for (const part of [cut, table, proxy]) await part.close();
    expect(proxy.cuts()).toBe(1);
    expect(batches).toBe(5);
    expect(rows).toMatchObject({ examined: count, assigned: count });
    expect(await countText(fast)).toBe(count);
    const outcomes = workplace.read('run.ndjson').match(/"written":"all"/g);
    expect(outcomes).toHaveLength(4);
  },
);

it('a node that leaves the primary component for a while delays the run', async () => {
  const [first] = cluster.nodes;
  const running = start(['backfill', '--batch-size', '20', '--journal', 'run.ndjson'], first);
  await expect.poll(() => countText(fast), { timeout: 10_000 }).toBeGreaterThan(100);
  await database.run(`SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'`);
  await expect.poll(() => running.stderr(), { timeout: 15_000 }).toMatch(/trying again/);
  await database.run(`SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'`);
  const report = readReport(await running.ended);
  expect(running.stderr()).toContain('the Galera node is not ready for queries');
  expect(report).toMatchObject({ exitCode: 0, rows: { examined: count, assigned: count } });
  expect(await countText(fast)).toBe(count);
});

it('a node killed in mid-run ends the run, which names its journal; a run on another node does the rest', async () => {
  const [first, other] = cluster.nodes;
  const running = start(['backfill', '--batch-size', '20', '--journal', 'first.ndjson'], first);
  await expect.poll(() => countText(fast), { timeout: 10_000 }).toBeGreaterThan(100);
  await first.stop();
  const ended = await running.ended;
  const report = readReport(ended);
  expect(report).toMatchObject({ exitCode: 1, stoppedBy: 'error' });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('first.ndjson');
  // The others wait until they have given up the dead one.
  await expect.poll(() => countText(fast), { timeout: 15_000 }).toBeGreaterThan(100);
  const written = await countText(fast);
  expect(written).toBeLessThan(count);
  // At most the batch whose COMMIT was never answered is written and not counted.
  expect(written - report.rows.assigned).toBeGreaterThanOrEqual(0);
  expect(written - report.rows.assigned).toBeLessThanOrEqual(20);

  const rest = ['backfill', '--journal', 'second.ndjson'];
  expect(readReport(await start(rest, other).ended)).toMatchObject({
    exitCode: 0,
    rows: { examined: count, current: written, assigned: count - written },
  });
  expect(await countText(fast)).toBe(count);
  for (const [journal, restored] of [
    ['first.ndjson', written],
    ['second.ndjson', count - written],
  ] as const) {
    const { stdout } = await start(['undo', journal, '--journal', 'none'], other).ended;
    expect((JSON.parse(stdout) as UndoReport).rows).toMatchObject({ restored });
  }
  expect(await countText('{}')).toBe(count);
});
