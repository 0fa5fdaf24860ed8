import { expect, it } from 'vitest';
import { asText } from '../../../src/database/driver-values.ts';
import type { LocationTable, LockedLocation } from '../../../src/database/location-table.ts';
import { readJournal } from '../../../src/journal/read-journal.ts';
import { type JournaledRow, rowsToUndo } from '../../../src/journal/undo-rows.ts';
import { runOn, type RunResult } from '../../support/backfill-run.ts';
import { writingThrough } from '../../support/batch-tables.ts';
import type { GaleraCluster } from '../../support/galera-cluster.ts';
import {
  type GlanceLog,
  type GlanceRow,
  keysButStore,
  labelled,
  startGlanceWriter,
} from '../../support/glance-writer.ts';
import { stores } from '../../support/file-stores.ts';
import { SEED_IMAGE } from '../../support/servers-locations.ts';
import { openTable } from '../../support/servers-table.ts';
import { journalAt, undoOn } from '../../support/undo-run.ts';
import { type OnCluster, readNodes, useDatabase } from './on-cluster.ts';

const count = 2_000;

/** How many transactions certification has refused so far, on all nodes together. */
async function countConflicts({ database, others }: OnCluster): Promise<number> {
  const counts = [database, ...others].map(async ({ run }) => {
    const rows = await run(
      `SHOW STATUS WHERE Variable_name IN ('wsrep_local_cert_failures', 'wsrep_local_bf_aborts')`,
    );
    return rows.reduce((sum, [, value]) => sum + Number(value), 0);
  });
  return (await Promise.all(counts)).reduce((sum, each) => sum + each, 0);
}

interface BusyRun extends RunResult {
  readonly glance: ReadonlyMap<number, GlanceRow>;
  readonly retries: readonly string[];
  readonly journal: string;
}

/** A run on the first node, while Glance writes through the others to the rows that the run is about to write. */
async function runBesideGlance(
  table: LocationTable,
  { others, workplace }: OnCluster,
): Promise<BusyRun> {
  let front: readonly number[] = Array.from({ length: 100 }, (_, index) => index + 1);
  const watched = writingThrough(table, (ids, _updatedAt, write) => {
    front = ids;
    return write();
  });
  // Each writer has rows of its own, every fourth one; half of the table nobody touches but the run.
  const writers = others.map((session, share) =>
    startGlanceWriter({
      session,
      next: () => {
        const id = front[Math.floor(Math.random() * front.length)] ?? 1;
        return id - ((id - 1) % 4) + share;
      },
      pauseMs: 1,
      store: 'fast',
      imageId: SEED_IMAGE,
    }),
  );
  const retries: string[] = [];
  const journal = journalAt(workplace.path('run.ndjson'));
  const result = await runOn(watched, {
    ...{ stores, batchSize: 100, writers: 1, journal },
    onRetry: (message) => retries.push(message),
  });
  await journal.close();
  const logs: GlanceLog[] = [];
  for (const writer of writers) logs.push(await writer.stop());
  return {
    ...result,
    ...{ retries, journal: workplace.path('run.ndjson') },
    glance: new Map(logs.flatMap(({ rows }) => [...rows])),
  };
}

async function readWritten(journal: string): Promise<readonly JournaledRow[]> {
  const rows: JournaledRow[] = [];
  for await (const part of readJournal(journal)) {
    if (part.kind !== 'batch') continue;
    expect(part.written).not.toBe('unknown');
    rows.push(...rowsToUndo(part));
  }
  return rows;
}

/** Glance's row is as it was left, but for the label that the run may have added since. */
function expectGlances(left: GlanceRow, now: LockedLocation | undefined, what: string): void {
  if (left.kind === 'purged') expect(now, what).toBeUndefined();
  else if (left.kind === 'deleted') expect(now, what).toMatchObject({ deleted: true });
  else {
    expect(now, what).toMatchObject({ deleted: false });
    expect([left.metaData, labelled(left.metaData, 'fast')], what).toContain(now?.metaData);
  }
}

/** A run and a Glance that write to the same rows, each through nodes of its own. */
export function testConcurrentWriters(cluster: () => GaleraCluster): void {
  const onCluster = useDatabase(cluster, count);

  it('loses no change that Glance makes through other nodes, and every node has the same rows', async () => {
    const here = onCluster();
    const table = await openTable(here.database.url, { writers: 1 });
    const conflictsBefore = await countConflicts(here);
    const { rows, glance, retries, journal } = await runBesideGlance(table, here);
    const conflicts = (await countConflicts(here)) - conflictsBefore;
    // Else nothing of this was put to the test.
    expect(conflicts).toBeGreaterThan(0);
    expect(retries.length).toBeGreaterThan(0);

    const [first, ...others] = await readNodes(here);
    for (const other of others) expect(other).toEqual(first);
    const now = new Map(first?.map((row) => [row.id, row]));
    for (const [id, left] of glance) expectGlances(left, now.get(id), `location ${id}`);

    const { examined, current, assigned, replaced, conflicted } = rows;
    expect(current + assigned + replaced + conflicted).toBe(examined);
    const written = await readWritten(journal);
    expect(written.length).toBe(assigned + replaced);
    expect(new Set(written.map(({ id }) => id)).size).toBe(written.length);
    for (const row of written) {
      if (glance.has(row.id)) continue;
      expect(now.get(row.id)).toMatchObject({ metaData: row.new, updatedAt: row.updatedAt });
    }
    const untouched = [...now.keys()].filter((id) => !glance.has(id));
    expect(written.filter(({ id }) => !glance.has(id))).toHaveLength(untouched.length);

    await undoOn(table, journal);
    const [undone, ...rest] = await readNodes(here);
    for (const other of rest) expect(other).toEqual(undone);
    for (const { id, metaData } of undone ?? []) {
      const left = glance.get(id);
      if (left === undefined) expect(metaData).toBe('{}');
      else if (left.kind === 'saved')
        expect(keysButStore(asText(metaData) ?? '')).toEqual(keysButStore(left.metaData));
    }
    await table.close();
  });
}
