import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { UndoReport } from '../../../src/report/undo-report.ts';
import { perBatch } from '../../support/batch-tables.ts';
import { runOn } from '../../support/backfill-run.ts';
import { fast, stores } from '../../support/file-stores.ts';
import type { GaleraCluster } from '../../support/galera-cluster.ts';
import { readReport } from '../../support/reading.ts';
import { mariaDbSession, urlFor } from '../../support/servers-database.ts';
import { startCuttingProxy } from '../../support/servers-proxy.ts';
import { openTable } from '../../support/servers-table.ts';
import { journalAt, undoOn } from '../../support/undo-run.ts';
import { countText, type OnCluster, start, useDatabase } from './on-cluster.ts';

const count = 2_000;

/** Nodes of which one knows what another does not, or not yet. */
export function testNodesAtOdds(cluster: () => GaleraCluster): void {
  const onCluster = useDatabase(cluster, count);

  it.each(['before the server gets it', 'before the client gets the answer'] as const)(
    'a COMMIT lost on one node, %s, is settled on another',
    async (when) => {
      const here = onCluster();
      const { database, workplace } = here;
      const [{ address }, other] = here.nodes;
      const proxy = await startCuttingProxy(address.port, when);
      const cut = await openTable(database.url.replace(`:${address.port}/`, `:${proxy.port}/`));
      const table = await openTable(urlFor('mysql+pymysql', other.address, database.name));
      let batches = 0;
      const lossy = perBatch(table, (batch) => {
        batches = batch;
        return Promise.resolve(batch === 2 ? cut : table);
      });
      const journal = journalAt(workplace.path('run.ndjson'));
      const { rows } = await runOn(lossy, { stores, batchSize: 500, writers: 1, journal });
      await journal.close();
      for (const part of [cut, table, proxy]) await part.close();
      expect(proxy.cuts()).toBe(1);
      expect(batches).toBe(5);
      expect(rows).toMatchObject({ examined: count, assigned: count });
      expect(await countText(here, fast)).toBe(count);
      const outcomes = workplace.read('run.ndjson').match(/"written":"all"/g);
      expect(outcomes).toHaveLength(4);
    },
  );

  it('an undo on a node that is behind the others waits for what they wrote', async () => {
    const { database, nodes, workplace } = onCluster();
    const path = workplace.path('run.ndjson');
    const behind = await mariaDbSession(nodes[1].address, database.name);
    const first = await openTable(database.url);
    const second = await openTable(urlFor('mysql+pymysql', nodes[1].address, database.name));
    // The second node applies nothing until it is unlocked.
    await behind.run('FLUSH TABLES WITH READ LOCK');
    const journal = journalAt(path);
    await runOn(first, { stores, batchSize: 500, writers: 1, journal });
    await journal.close();
    const undoing = undoOn(second, path);
    await sleep(500);
    await behind.run('UNLOCK TABLES');
    expect(await undoing).toEqual({ restored: count, leftAlone: [] });
    for (const part of [first, second, behind]) await part.close();
  });

  it('a node that leaves the primary component for a while delays the run', async () => {
    const here = onCluster();
    const { database } = here;
    const running = start(here, backfillTo('run.ndjson'), here.nodes[0]);
    await expect.poll(() => countText(here, fast), { timeout: 10_000 }).toBeGreaterThan(100);
    await database.run(`SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'`);
    try {
      await expect.poll(() => running.stderr(), { timeout: 15_000 }).toMatch(/trying again/);
    } finally {
      await database.run(`SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'`);
    }
    const report = readReport(await running.ended);
    expect(running.stderr()).toContain('the Galera node is not ready');
    expect(report).toMatchObject({ exitCode: 0, rows: { examined: count, assigned: count } });
    expect(await countText(here, fast)).toBe(count);
  });

  it('a run whose node is killed waits for it until a signal ends it; a run on another node does the rest', async () => {
    const here = onCluster();
    const [first] = here.nodes;
    const running = start(here, backfillTo('first.ndjson'), first);
    await expect.poll(() => countText(here, fast), { timeout: 10_000 }).toBeGreaterThan(100);
    await first.kill();
    try {
      const written = await runRest(here);
      running.kill('SIGINT');
      await expectGivenUp(running, written);
      await undoBoth(here, written);
    } finally {
      await first.restart();
      await here.database.reconnect();
    }
  });
}

function backfillTo(journal: string): readonly string[] {
  return ['backfill', '--batch-size', '20', '--journal', journal];
}

/** Lets the second node write what the first, which is dead, has left. @returns the rows that this one had written */
async function runRest(here: OnCluster): Promise<number> {
  // The others wait until they have given up the dead one.
  await expect.poll(() => countText(here, fast), { timeout: 15_000 }).toBeGreaterThan(100);
  const written = await countText(here, fast);
  expect(written).toBeLessThan(count);
  const rest = ['backfill', '--journal', 'second.ndjson'];
  expect(readReport(await start(here, rest, here.nodes[1]).ended)).toMatchObject({
    exitCode: 0,
    rows: { examined: count, current: written, assigned: count - written },
  });
  expect(await countText(here, fast)).toBe(count);
  return written;
}

/** The run has told that its node is gone, and what it had written by then. */
async function expectGivenUp(running: ReturnType<typeof start>, written: number): Promise<void> {
  const ended = await running.ended;
  const report = readReport(ended);
  expect(ended.code).toBe(130);
  expect(report).toMatchObject({ exitCode: 130, journal: 'first.ndjson' });
  expect(ended.stderr).toContain('trying again');
  // At most the batch whose COMMIT was never answered is written and not counted.
  expect(written - report.rows.assigned).toBeGreaterThanOrEqual(0);
  expect(written - report.rows.assigned).toBeLessThanOrEqual(20);
}

async function undoBoth(here: OnCluster, written: number): Promise<void> {
  for (const [journal, restored] of [
    ['first.ndjson', written],
    ['second.ndjson', count - written],
  ] as const) {
    const undo = ['undo', journal, '--journal', 'none'];
    const { stdout } = await start(here, undo, here.nodes[1]).ended;
    expect((JSON.parse(stdout) as UndoReport).rows).toMatchObject({ restored });
  }
  expect(await countText(here, '{}')).toBe(count);
}
