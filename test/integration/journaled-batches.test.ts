import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseError, type FailureKind } from '../../src/database/errors.ts';
import type { LocationTable } from '../../src/database/location-table.ts';
import { plannedIds } from '../../src/journal/batch.ts';
import type { BatchPlan } from '../../src/journal/entries.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { runOn, type RunOptions, type RunResult } from '../support/backfill-run.ts';
import { writingThrough } from '../support/batch-tables.ts';
import { fastClock } from '../support/fast-clock.ts';
import { fast, stores } from '../support/file-stores.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';
import { journalAt, undoOn } from '../support/undo-run.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

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

/** The table, whose attempts fail in these ways one after the other: before they begin, after their commit, or not. */
function failing(...failures: readonly (readonly ['before' | 'after' | 'not', FailureKind])[]): {
  readonly table: LocationTable;
  readonly stamps: readonly number[];
} {
  const stamps: number[] = [];
  const flaky = writingThrough(table, async (_ids, updatedAt, write) => {
    const [when, kind] = failures[stamps.length] ?? [];
    stamps.push(updatedAt.getTime());
    events.push('attempt');
    if (when === 'before') throw new DatabaseError('failed on purpose', kind ?? 'fatal');
    const written = await write();
    if (when === 'after') throw new DatabaseError('failed on purpose', kind ?? 'fatal');
    events.push('committed');
    return written;
  });
  return { table: flaky, stamps };
}

async function run(
  over: LocationTable,
  batchSize = 10,
  options: Partial<RunOptions> = {},
): Promise<RunResult> {
  const journal = watched(journalAt(workplace.path('run.ndjson')));
  try {
    return await runOn(over, { stores, batchSize, writers: 1, journal, ...options });
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
    await expect(run(lost)).rejects.toThrow(
      'failed on purpose; of 3 rows it is not known whether they were written: the next run finds out',
    );
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
  const touched = writingThrough(lost, (_ids, _updatedAt, write) =>
    write().finally(async () => {
      const sql = `UPDATE image_locations SET updated_at = '2031-01-01 00:00:00.5' WHERE id = 2`;
      if (events.filter((event) => event === 'attempt').length === 1) await database.run(sql);
    }),
  );
  const { rows } = await run(touched);
  expect(rows).toMatchObject({ assigned: 2, current: 1 });
  expect(await readOutcomes()).toEqual([[1, 3]]);
});

/** What the journal says of each batch, in its order: the ids planned, and what became of them. */
async function readBatches(): Promise<readonly unknown[]> {
  const batches: unknown[] = [];
  for await (const part of readJournal(workplace.path('run.ndjson'))) {
    if (part.kind === 'batch') batches.push([plannedIds(part.plan), part.written]);
  }
  return batches;
}

describe('a batch that takes too long or meets another', () => {
  it('is tried again as two, each with a plan of its own', async () => {
    const { table: contended } = failing(['before', 'contended'], ['before', 'contended']);
    const { rows } = await run(contended);
    expect(events).toEqual([
      ...['planned 1', 'attempt', 'outcome 1'],
      ...['planned 2', 'attempt', 'outcome 2'],
      ...['planned 3', 'attempt', 'committed', 'outcome 3'],
      ...['planned 4', 'attempt', 'committed', 'outcome 4'],
      ...['planned 5', 'attempt', 'committed', 'outcome 5'],
    ]);
    expect(await readBatches()).toEqual([
      [[1, 2, 3], 'none'],
      [[1, 2], 'none'],
      [[1], 'all'],
      [[2], 'all'],
      [[3], 'all'],
    ]);
    expect(rows).toMatchObject({ examined: 3, assigned: 3 });
    expect(await texts()).toEqual([fast, fast, fast]);
  });

  it('makes the later ones smaller, although the operator fixed their size', async () => {
    await seedLocations(
      database,
      Array.from({ length: 57 }, (_, index) => ({ id: index + 4 })),
    );
    await run(failing(['before', 'contended']).table, 20);
    const sizes = (await readBatches()).map((batch) => (batch as [number[]])[0].length);
    expect(sizes).toEqual([20, 10, 10, 13, 15, 12]);
  });

  /** So many attempts that meet a lock. */
  const locked = (count: number) =>
    failing(...Array<readonly ['before', FailureKind]>(count).fill(['before', 'contended']));
  const countAttempts = () => events.filter((event) => event === 'attempt').length;
  const hurried = { sleep: () => Promise.resolve() };

  it('lets a row alone be at the tenth time, and goes on with the others', async () => {
    const { rows, decisions } = await run(locked(1 + 1 + 10).table, 10, hurried);
    expect(countAttempts()).toBe(1 + 1 + 10 + 2);
    expect(await readBatches()).toEqual([
      [[1, 2, 3], 'none'],
      [[1, 2], 'none'],
      [[1], 'none'],
      [[2], 'all'],
      [[3], 'all'],
    ]);
    expect(rows).toMatchObject({ examined: 3, assigned: 2, conflicted: 1 });
    const reason = 'locked by another transaction all the while';
    expect(decisions.get(1)).toEqual({ kind: 'conflicted', reason });
    expect(await texts()).toEqual(['{}', fast, fast]);
  });

  it('gives the place of such a row to another, where only so many are to be written', async () => {
    const options = { ...hurried, maxCount: 2 };
    const { rows, ending } = await run(locked(10).table, 1, options);
    expect(rows).toMatchObject({ assigned: 2, conflicted: 1 });
    expect(ending.kind).toBe('complete');
  });

  it('ends the run when ten rows were locked, and says what to do', async () => {
    const ids = Array.from({ length: 57 }, (_, index) => ({ id: index + 4 }));
    await seedLocations(database, ids);
    await expect(run(locked(9_999).table, 1, hurried)).rejects.toThrow(
      /on purpose: 10 rows stayed locked .*run ends here: find out which transaction/,
    );
    expect(countAttempts()).toBe(10 * 10);
    expect(new Set(await readOutcomes())).toEqual(new Set(['none']));
  });

  it('goes on past any number of locked rows with whole batches between them', async () => {
    await seedLocations(
      database,
      Array.from({ length: 57 }, (_, index) => ({ id: index + 4 })),
    );
    const stuck = writingThrough(table, ([id = 0], _updatedAt, write) =>
      id % 3 === 0 ? Promise.reject(new DatabaseError('failed on purpose', 'contended')) : write(),
    );
    const { rows } = await run(stuck, 1, hurried);
    expect(rows).toMatchObject({ examined: 60, assigned: 40, conflicted: 20 });
  });

  it('in an undo leaves a row alone at the tenth time', async () => {
    await run(table);
    const path = workplace.path('run.ndjson');
    const undo = await undoOn(locked(1 + 1 + 10).table, path, { clock: fastClock(1_000) });
    expect(undo.restored).toBe(2);
    expect(undo.leftAlone).toEqual([[1, 'locked by another transaction all the while']]);
    expect(await texts()).toEqual([fast, '{}', '{}']);
  });

  it('ends the run at the tenth time where a single row is too large', async () => {
    const large = failing(
      ...Array<readonly ['before', FailureKind]>(99).fill(['before', 'too-large']),
    );
    await expect(run(large.table, 1, hurried)).rejects.toThrow('on purpose');
    expect(countAttempts()).toBe(10);
  });

  it('passes the throttle before each half and each attempt, and takes its turn in the rate once', async () => {
    const throttle = {
      pass: () => Promise.resolve(void events.push('throttle')),
      passRows: () => Promise.resolve(void events.push('rate')),
    };
    const flaky = failing(['before', 'contended'], ['before', 'transient']);
    await run(flaky.table, 10, { ...hurried, throttle });
    expect(events.slice(events.indexOf('rate'))).toEqual([
      ...['rate', 'throttle', 'planned 1', 'attempt', 'throttle', 'outcome 1'],
      ...['throttle', 'planned 2', 'attempt', 'throttle', 'attempt', 'committed', 'outcome 2'],
      ...['throttle', 'planned 3', 'attempt', 'committed', 'outcome 3'],
    ]);
  });

  it('begins no half when the run was ended while the throttle had it wait', async () => {
    const stop = new AbortController();
    let passes = 0;
    const throttle = {
      passRows: () => Promise.resolve(),
      pass() {
        passes += 1;
        // The first are for the page and the whole batch, the next for the halves.
        if (events.includes('outcome 1')) stop.abort();
        return Promise.resolve();
      },
    };
    const { table: contended } = failing(['before', 'contended']);
    const { ending } = await run(contended, 10, { ...hurried, throttle, stop });
    expect(passes).toBeGreaterThan(2);
    expect(ending).toEqual({ kind: 'stopped', reached: 0 });
    expect(await readBatches()).toEqual([[[1, 2, 3], 'none']]);
  });

  it('after a lost COMMIT stays whole until it is known whether that took', async () => {
    const { table: lost } = failing(['after', 'commit-unknown'], ['before', 'contended']);
    const { rows } = await run(lost);
    expect(await readBatches()).toEqual([[[1, 2, 3], 'all']]);
    expect(rows).toMatchObject({ examined: 3, assigned: 3 });
  });
});

describe('a batch that somebody kills', () => {
  it('is tried once more, as two', async () => {
    await run(failing(['before', 'killed']).table);
    expect(await readOutcomes()).toEqual(['none', 'all', 'all']);
    expect(await texts()).toEqual([fast, fast, fast]);
  });

  it('ends the run at the second time, with what to do, and with what is committed', async () => {
    const hunted = failing(['before', 'killed'], ['not', 'fatal'], ['before', 'killed']);
    await expect(run(hunted.table)).rejects.toThrow(/did so again .* find out who/);
    expect(await readBatches()).toEqual([
      [[1, 2, 3], 'none'],
      [[1, 2], 'all'],
      [[3], 'none'],
    ]);
    expect(await texts()).toEqual([fast, fast, '{}']);
  });
});

describe('a run that is stopped while a batch waits to be tried again', () => {
  /** Stops the run during its first wait. */
  const stopInWait = (): Partial<RunOptions> => {
    const stop = new AbortController();
    return {
      stop,
      sleep: () => {
        stop.abort();
        return Promise.resolve();
      },
    };
  };

  it.each(['transient', 'contended', 'killed'] as const)(
    'leaves its rows as they are, after a %s failure',
    async (kind) => {
      const { rows, ending } = await run(failing(['before', kind]).table, 2, stopInWait());
      expect(await readBatches()).toEqual([[[1, 2], 'none']]);
      expect(rows.examined).toBe(0);
      expect(ending).toEqual({ kind: 'stopped', reached: 0 });
      expect(await texts()).toEqual(['{}', '{}', '{}']);
    },
  );

  it('finds out whether a lost COMMIT took', async () => {
    const lost = failing(['after', 'commit-unknown']);
    const { rows, ending } = await run(lost.table, 2, stopInWait());
    expect(await readBatches()).toEqual([[[1, 2], 'all']]);
    expect(rows).toMatchObject({ examined: 2, assigned: 2 });
    expect(ending).toEqual({ kind: 'stopped', reached: 2 });
    expect(await texts()).toEqual([fast, fast, '{}']);
  });

  it('fails where that cannot be found out, and leaves it open in the journal', async () => {
    const { table: lost } = failing(['after', 'commit-unknown'], ['before', 'transient']);
    await expect(run(lost, 10, stopInWait())).rejects.toThrow('failed on purpose');
    expect(await readOutcomes()).toEqual(['unknown']);
  });

  it('does not begin the second half', async () => {
    const stop = new AbortController();
    const { table: contended } = failing(['before', 'contended']);
    const stopping = writingThrough(contended, async (_ids, _updatedAt, write) => {
      const written = await write();
      stop.abort();
      return written;
    });
    const { rows, ending } = await run(stopping, 10, { stop });
    expect(await readBatches()).toEqual([
      [[1, 2, 3], 'none'],
      [[1, 2], 'all'],
    ]);
    expect(rows).toMatchObject({ examined: 2, assigned: 2 });
    expect(ending).toEqual({ kind: 'stopped', reached: 2 });
  });
});
