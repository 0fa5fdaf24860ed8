import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withMariaDb } from '../../support/mariadb-server.ts';
import { fast } from '../../support/file-stores.ts';
import type { GaleraCluster } from '../../support/galera-cluster.ts';
import { readReport } from '../../support/reading.ts';
import { watchUpdates } from '../../support/servers-updates.ts';
import { type OnCluster, readNodes, start, useDatabase } from './on-cluster.ts';

const count = 2_000;
const batch = 20;

/** Rows that are labelled, as the first node has them: the others may stand still. */
async function countLabelled({ database }: OnCluster): Promise<number> {
  const rows = await database.run('SELECT COUNT(*) FROM image_locations WHERE meta_data = ?', [
    fast,
  ]);
  return Number(rows[0]?.[0]);
}

/** Starts a run on the first node and waits until it is under way. */
async function startRun(here: OnCluster) {
  const running = start(here, ['backfill', '--batch-size', String(batch)], here.nodes[0]);
  await expect.poll(() => countLabelled(here), { timeout: 10_000 }).toBeGreaterThan(2 * batch);
  return running;
}

/** Nothing is written any more, but for the batch whose COMMIT was under way. */
async function expectStandstill(here: OnCluster): Promise<void> {
  await sleep(500);
  const stopped = await countLabelled(here);
  await sleep(1_000);
  expect((await countLabelled(here)) - stopped).toBeLessThanOrEqual(batch);
  expect(stopped).toBeLessThan(count);
}

async function expectAllWritten(here: OnCluster, running: Awaited<ReturnType<typeof startRun>>) {
  const report = readReport(await running.ended);
  expect(report).toMatchObject({ exitCode: 0, rows: { examined: count, assigned: count } });
  expect(await countLabelled(here)).toBe(count);
  const [first, ...rest] = await readNodes(here);
  for (const other of rest) expect(other).toEqual(first);
}

/** Sets options of the provider on all nodes. */
async function setOnAll({ nodes }: OnCluster, options: string): Promise<void> {
  for (const { address } of nodes) {
    await withMariaDb(address, (connection) =>
      connection.query('SET GLOBAL wsrep_provider_options = ?', [options]),
    );
  }
}

/** Nodes that stop the others. */
export function testFlowControl(cluster: () => GaleraCluster): void {
  const onCluster = useDatabase(cluster, count);

  it('pauses while a node that cannot keep up stops the cluster, and goes on when it has caught up', async () => {
    const here = onCluster();
    const [, slow] = here.others;
    await slow.run(`SET GLOBAL wsrep_provider_options = 'gcs.fc_limit=2'`);
    try {
      const running = await startRun(here);
      // Nothing is applied on the third node from here on: what it has still to do piles up, and it stops the cluster.
      await slow.run('LOCK TABLES image_locations READ');
      await expectStandstill(here);
      await slow.run('UNLOCK TABLES');
      await expect
        .poll(() => running.stderr(), { timeout: 10_000 })
        .toMatch(/paused: Galera flow control/);
      await expectAllWritten(here, running);
    } finally {
      await slow.run(`SET GLOBAL wsrep_provider_options = 'gcs.fc_limit=16'`);
    }
  });

  // Not flow control, which only a node that is alive can ask for: no message passes before every node has it.
  it('waits at COMMIT for a node that stands still, and writes every row once when it moves again', async () => {
    const here = onCluster();
    const [, , frozen] = here.nodes;
    await here.database.run('SET SESSION wsrep_sync_wait = 0');
    const updates = await watchUpdates(here.database);
    // So long that it is not given up.
    await setOnAll(here, 'evs.inactive_timeout=PT40S;evs.suspect_timeout=PT30S');
    try {
      const running = await startRun(here);
      frozen.signal('SIGSTOP');
      await expectStandstill(here).finally(() => {
        frozen.signal('SIGCONT');
      });
      await expectAllWritten(here, running);
      expect(running.stderr()).not.toContain('trying again');
      const ids = await updates.ids();
      expect(ids).toHaveLength(count);
      expect(new Set(ids).size).toBe(count);
    } finally {
      await setOnAll(here, 'evs.suspect_timeout=PT2S;evs.inactive_timeout=PT4S');
    }
  });
}
