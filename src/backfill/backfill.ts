import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Scope } from '../database/location-table.ts';
import { type Decision, isRewrite } from '../locations/decision.ts';
import { type ImageLocation, textLength } from '../locations/image-location.ts';
import type { FindUrlKind } from '../locations/url-kinds.ts';
import { countKinds } from './kind-rewrites.ts';
import type { BackfillObserver } from './backfill-observer.ts';
import { type BatchRow, writeBatch } from './batch-rounds.ts';
import { createBatchWriter } from './batch-writer.ts';
import { type Batches, createBatches } from './batches.ts';
import { KnownKinds, type Need } from './known-kinds.ts';
import type { Ending, LoopOptions } from './loop-options.ts';
import { createPageReader } from './page-reader.ts';
import { type Page, type ReadPage, readPages } from './pages.ts';
import { createQuota, type Quota } from './quota.ts';
import { StoppedError } from './retry.ts';
import type { PlannedRewrite, Settled } from './decided-row.ts';

export interface Backfill extends LoopOptions {
  readonly scope: Scope;
  /** the highest id to look at */
  readonly last: number;
  readonly decide: (location: ImageLocation) => Decision;
  readonly findUrlKind: FindUrlKind;
  /** rows */
  readonly pageSize: number;
  /** the most rows to write, or in a dry run to find that would be; undefined for no limit */
  readonly maxCount: number | undefined;
  readonly observer: BackfillObserver;
}

/** Rows a page: large enough that a round trip does not count, small enough for a flat memory. */
export const usualPageSize = 5_000;

/** Ids of the first stretch: enough to learn which kinds of rows are frequent, so that the next can be counted. */
const firstWidth = 1_000;

/** How a run came to its end. */
export interface BackfillEnding extends Ending {
  /** every row in scope up to this id has its outcome; some beyond it may have theirs, too */
  readonly reached: number;
}

/** A run with the places it has left for rows to write, and the kinds of rows it has met. */
interface Walk extends Backfill {
  readonly quota: Quota;
  readonly kinds: KnownKinds;
}

/**
 * The run: pages are read in key order, every row is decided, those to be written go out in batches.
 * A dry run takes the same decisions and leaves it at that.
 *
 * @throws DatabaseError when the database fails for good, JournalError when the journal cannot be made or written;
 *   batches under way have ended by then
 */
export async function runBackfill(run: Backfill): Promise<BackfillEnding> {
  const { findUrlKind } = run;
  const kinds = new KnownKinds({ findUrlKind, needOf: (decision) => needOf(run, decision) });
  const walk: Walk = { ...run, quota: createQuota(run.maxCount), kinds };
  const writer = createBatchWriter(run);
  const left: BatchRow[] = [];
  const batches = createBatches<BatchRow>(run, {
    textLength: lengthOfRow,
    write: async (batch) => {
      left.push(...(await writeBatch(walk, writer, batch)));
    },
  });
  try {
    const ending = await walkPages(walk, batches);
    left.push(...(await batches.finish()));
    if (left.length === 0) return ending;
    const firstLeft = left.reduce((first, row) => Math.min(first, idOf(row)), Infinity);
    return { kind: 'stopped', reached: Math.min(ending.reached, firstLeft - 1) };
  } finally {
    await batches.drain();
  }
}

async function walkPages(walk: Walk, batches: Batches<BatchRow>): Promise<BackfillEnding> {
  let reached = 0;
  try {
    for await (const page of pagesOf(walk)) {
      await nextTurn();
      if (walk.stop.aborted) return { kind: 'stopped', reached };
      const beyond = await lookAtPage(walk, batches, page);
      if (beyond !== undefined) return { kind: 'max-count', reached: beyond.id - 1 };
      reached = page.end;
      walk.observer.reached(reached);
    }
    return { kind: 'complete', reached: walk.last };
  } catch (error) {
    if (error instanceof StoppedError) return { kind: 'stopped', reached };
    throw error;
  }
}

/** @returns the first row that is one too many to write; undefined when the page was looked at to its end */
async function lookAtPage(
  walk: Walk,
  batches: Batches<BatchRow>,
  page: Page,
): Promise<ImageLocation | undefined> {
  for (const { kind, count } of page.counted) walk.observer.counted(kind, count);
  await batches.add(page.ofKinds);
  let { rows } = page;
  let counted = [...page.counted, ...countKinds(page.ofKinds)];
  for (;;) {
    const { decided, undecided } = decideRows(walk, rows);
    walk.kinds.learn(decided, counted);
    await batches.add(planRewrites(walk, decided));
    const [next] = undecided;
    if (next === undefined) return undefined;
    // Those that under lock turn out not to need writing give their places back.
    await batches.finish();
    if (!walk.quota.hasRoom()) return next;
    [counted, rows] = [[], undecided];
  }
}

function pagesOf(walk: Walk): ReturnType<typeof readPages> {
  const { last, scope, pageSize, throttle, stop } = walk;
  const read = createPageReader(walk);
  const readPage: ReadPage = async (range) => {
    await throttle.pass();
    if (stop.aborted) throw new StoppedError('the run is to end');
    return read(range);
  };
  // Rows of a few images are found through an index, so for them the table is one stretch.
  const width = scope.imageIds === undefined ? Math.min(firstWidth, pageSize) : last;
  return readPages(readPage, { last, size: pageSize, width });
}

/**
 * To write rows, their ids suffice. With `--max-count` some of them may not be written, and some rows are reported one
 * by one: those are read whole.
 */
function needOf({ mode, maxCount, observer }: Backfill, decision: Decision): Need {
  if (isRewrite(decision)) {
    if (maxCount !== undefined) return 'all';
    if (mode === 'apply') return 'id';
  }
  return observer.isToBeShown(decision) ? 'all' : 'count';
}

function idOf(row: BatchRow): number {
  return 'location' in row ? row.location.id : row.id;
}

/** A row that is written by its kind shares all but its image with the others. */
function lengthOfRow(row: BatchRow): number {
  if ('kind' in row) return row.imageId.length;
  const { location, decision } = row;
  return textLength(location) + decision.metaData.length;
}

interface Decided {
  readonly decided: readonly Settled[];
  /** from the first row on that is to be written and for which there is no place left */
  readonly undecided: readonly ImageLocation[];
}

/** Decides rows in turn, as long as there are places for those to be written. */
function decideRows({ decide, quota }: Walk, rows: readonly ImageLocation[]): Decided {
  const decided: Settled[] = [];
  for (const [index, location] of rows.entries()) {
    const decision = decide(location);
    if (isRewrite(decision) && !quota.take()) return { decided, undecided: rows.slice(index) };
    decided.push({ location, decision });
  }
  return { decided, undecided: [] };
}

/** Reports the rows that stay as they are and returns those to be written. */
function planRewrites({ mode, observer }: Walk, decided: readonly Settled[]): PlannedRewrite[] {
  const planned: PlannedRewrite[] = [];
  for (const { location, decision } of decided) {
    if (mode === 'apply' && isRewrite(decision)) planned.push({ location, decision });
    else observer.settled(location, decision);
  }
  return planned;
}
