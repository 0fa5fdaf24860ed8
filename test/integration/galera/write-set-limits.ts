import { expect, it } from 'vitest';
import { fast } from '../../support/file-stores.ts';
import type { GaleraCluster } from '../../support/galera-cluster.ts';
import { readReport } from '../../support/reading.ts';
import { readClaims } from '../../support/run-evidence.ts';
import { watchUpdates } from '../../support/servers-updates.ts';
import { countText, type OnCluster, readNodes, start, useDatabase } from './on-cluster.ts';

const count = 2_000;

/** The number of rows of each batch in a journal, in the order of its lines; an outcome is a 0. */
function readBatches({ workplace }: OnCluster, journal: string): readonly number[] {
  const lines = workplace.read(journal).trim().split('\n').slice(1, -1);
  return lines.map((line) => {
    const { changes } = JSON.parse(line) as { changes?: { ids: number[] }[] };
    return (changes ?? []).reduce((sum, { ids }) => sum + ids.length, 0);
  });
}

/** Has the first node take no larger transactions for as long as `work` runs. */
async function limited(
  { database }: OnCluster,
  limit: 'wsrep_max_ws_rows' | 'wsrep_max_ws_size',
  most: number,
  work: () => Promise<void>,
): Promise<void> {
  const [usual] = await database.run(`SELECT @@GLOBAL.${limit}`);
  await database.run(`SET GLOBAL ${limit} = ${most}`);
  try {
    await work();
  } finally {
    await database.run(`SET GLOBAL ${limit} = ${String(usual?.[0])}`);
  }
}

/** What a transaction on a node of the cluster may hold. */
export function testWriteSetLimits(cluster: () => GaleraCluster): void {
  const onCluster = useDatabase(cluster, count);

  it('heeds wsrep_max_ws_rows, and writes one batch at a time unless told otherwise', async () => {
    const here = onCluster();
    const [node] = here.nodes;
    await limited(here, 'wsrep_max_ws_rows', 500, async () => {
      const backfill = ['backfill', '--journal', 'run.ndjson'];
      const report = readReport(await start(here, backfill, node).ended);
      expect(report).toMatchObject({ exitCode: 0, rows: { assigned: count } });
      expect(await countText(here, fast)).toBe(count);
      const batches = readBatches(here, 'run.ndjson');
      expect(Math.max(...batches)).toBe(500);
      // A plan, its outcome, the next plan.
      expect(batches.every((rows, line) => rows > 0 === (line % 2 === 0))).toBe(true);
      const undo = ['undo', 'run.ndjson', '--journal', 'undo.ndjson'];
      const undone = readReport(await start(here, undo, node).ended);
      expect(undone).toMatchObject({ rows: { restored: count } });
      expect(Math.max(...readBatches(here, 'undo.ndjson'))).toBeLessThanOrEqual(500);
    });
  });

  it('halves a batch that is larger than wsrep_max_ws_size, and writes every row once', async () => {
    const here = onCluster();
    const { database, workplace } = here;
    const long = `"note": "${'x'.repeat(5_000)}"`;
    await database.run('DELETE FROM image_locations WHERE id > 100');
    await database.run('UPDATE image_locations SET meta_data = ?', [`{${long}}`]);
    const updates = await watchUpdates(database);
    await limited(here, 'wsrep_max_ws_size', 65_536, async () => {
      const running = start(here, ['backfill', '--journal', 'run.ndjson'], here.nodes[0]);
      const report = readReport(await running.ended);
      expect(report).toMatchObject({ exitCode: 0, rows: { examined: 100, assigned: 100 } });
      // By the usual length of a row more would fit.
      expect(running.stderr()).toContain('larger than wsrep_max_ws_size');
    });
    const everyRow = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([...(await updates.ids())].sort((a, b) => a - b)).toEqual(everyRow);
    const claims = await readClaims(workplace.path('run.ndjson'));
    expect(claims.map(({ id }) => id).sort((a, b) => a - b)).toEqual(everyRow);
    expect(claims.every(({ outcome }) => outcome === 'written')).toBe(true);
    const [first, ...rest] = await readNodes(here);
    for (const other of rest) expect(other).toEqual(first);
    expect(await countText(here, `{${long}, "store": "fast"}`)).toBe(100);
  });
}
