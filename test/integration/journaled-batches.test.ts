import { afterEach, beforeEach, expect, it } from 'vitest';
import { DatabaseError, type FailureKind } from '../../src/database/errors.ts';
import type { LocationTable } from '../../src/database/location-table.ts';
import type { BatchPlan } from '../../src/journal/entries.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { runOn, type RunResult } from '../support/backfill-run.ts';
import { configure } from '../support/conf-stores.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';
import { journalAt, undoOn } from '../support/undo-run.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

const { stores } = configure(`[DEFAULT]
enabled_backends = fast:file
[glance_store]
default_backend = fast
[fast]
filesystem_store_datadir = /images
`);
const fast = '{"store": "fast"}';

let workplace: Workplace;
let database: GlanceDatabase;
let table: LocationTable;
/** What was done, in order. */
let events: string[];

beforeEach(async () => {
  workplace = makeWorkplace();
  database = await createGlanceDatabase('sqlite');
  await seedLocations(database, [{ id: 1 }, { id: 2 }, { id: 3 }]);
  table = await openTable(database.url);
  events = [];
});
afterEach(async () => {
  await table.close();
  await database.drop();
  workplace.remove();
});

/** A journal that notes when it is written to. */
function watched(journal: Journal): Journal {
  return {
    ...journal,
    async plan(plan: BatchPlan) {
      await journal.plan(plan);
      events.push(`planned ${plan.batch}`);
    },
    async outcome(outcome) {
      events.push(`outcome ${outcome.batch}`);
      await journal.outcome(outcome);
    },
  };
}

/** The table, whose attempts fail in these ways one after the other: before they begin, or after their commit. */
function failing(...failures: readonly (readonly ['before' | 'after', FailureKind])[]): {
  readonly table: LocationTable;
  readonly stamps: readonly number[];
} {
  const stamps: number[] = [];
  const rewrite: LocationTable['rewrite'] = async (ids, updatedAt, settle) => {
    const [when, kind] = failures[stamps.length] ?? [];
    stamps.push(updatedAt.getTime());
    events.push('attempt');
    if (when === 'before') throw new DatabaseError('failed on purpose', kind ?? 'fatal');
    await table.rewrite(ids, updatedAt, settle);
    if (when === 'after') throw new DatabaseError('failed on purpose', kind ?? 'fatal');
    events.push('committed');
  };
  return { table: { ...table, rewrite }, stamps };
}

async function run(over: LocationTable, batchSize = 10): Promise<RunResult> {
  const journal = watched(journalAt(workplace.path('run.ndjson')));
  try {
    return await runOn(over, { stores, batchSize, writers: 1, journal });
  } finally {
    await journal.close();
  }
}

async function readOutcomes(): Promise<readonly unknown[]> {
  const outcomes: unknown[] = [];
  for await (const part of readJournal(workplace.path('run.ndjson'))) {
    if (part.kind === 'batch') outcomes.push(part.written);
  }
  return outcomes;
}

const texts = async () => (await readLocations(database)).map(({ metaData }) => metaData);

it('a batch is on disk before its transaction begins, and noted as written after its commit', async () => {
  await run(failing().table, 2);
  expect(events).toEqual(
    [1, 2].flatMap((n) => [`planned ${n}`, 'attempt', 'committed', `outcome ${n}`]),
  );
  expect(await readOutcomes()).toEqual(['all', 'all']);
});

it('a batch that is tried again keeps its plan and its time', async () => {
  const { table: flaky, stamps } = failing(['before', 'transient'], ['before', 'transient']);
  const { rows } = await run(flaky);
  expect(events).toEqual([
    'planned 1',
    ...['attempt', 'attempt', 'attempt'],
    'committed',
    'outcome 1',
  ]);
  expect(new Set(stamps).size).toBe(1);
  expect(rows).toMatchObject({ assigned: 3, conflicted: 0 });
});

it('a batch that fails for good is noted as not written', async () => {
  const { table: broken } = failing(['before', 'transient'], ['before', 'fatal']);
  await expect(run(broken)).rejects.toThrow('failed on purpose');
  expect(await readOutcomes()).toEqual(['none']);
});

it.each([
  ['took', 'after', 3],
  ['did not take', 'before', 0],
] as const)(
  'whether a COMMIT %s of which nobody knows is left open, and undo finds out',
  async (_what, when, restored) => {
    const { table: lost } = failing([when, 'commit-unknown'], ['before', 'fatal']);
    await expect(run(lost)).rejects.toThrow('failed on purpose');
    expect(await readOutcomes()).toEqual(['unknown']);
    expect(await texts()).toEqual(Array(3).fill(restored === 0 ? '{}' : fast));
    const undo = await undoOn(table, workplace.path('run.ndjson'));
    expect(undo.restored).toBe(restored);
    expect(undo.leftAlone.map(([, reason]) => reason)).toEqual(
      Array(3 - restored).fill('not written, or put back already'),
    );
    expect(await texts()).toEqual(['{}', '{}', '{}']);
  },
);

it('a row saved again by Glance after a lost COMMIT is not counted as written by the run', async () => {
  const { table: lost } = failing(['after', 'commit-unknown']);
  const touched: LocationTable = {
    ...lost,
    async rewrite(...rewrite) {
      await lost.rewrite(...rewrite).finally(async () => {
        const sql = `UPDATE image_locations SET updated_at = '2031-01-01 00:00:00.5' WHERE id = 2`;
        if (events.filter((event) => event === 'attempt').length === 1) await database.run(sql);
      });
    },
  };
  const { rows } = await run(touched);
  expect(rows).toMatchObject({ assigned: 2, current: 1 });
  expect(await readOutcomes()).toEqual([[1, 3]]);
});
