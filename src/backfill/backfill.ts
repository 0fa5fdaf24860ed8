import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LocationTable, Scope } from '../database/location-table.ts';
import type { Decision } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import type { BatchSize } from './batch-size.ts';
import { readPages } from './pages.ts';
import { type Retry, retryTransient } from './retry.ts';
import { isRewrite, type PlannedRewrite, settle, type Settled } from './settle.ts';
import { createWriterPool } from './writer-pool.ts';

/** What the run tells while it goes on. Must not throw. */
export interface BackfillObserver {
  /** the outcome of one row is final: decided and, where it says so, committed */
  settled(location: ImageLocation, decision: Decision): void;
  /** all rows up to this id have been looked at */
  reached(id: number): void;
}

export interface Backfill {
  readonly table: LocationTable;
  readonly scope: Scope;
  readonly mode: 'dry-run' | 'apply';
  /** the highest id to look at */
  readonly last: number;
  readonly decide: (location: ImageLocation) => Decision;
  readonly batchSize: BatchSize;
  readonly writers: number;
  /** aborted: no new page or batch is begun, those under way are finished */
  readonly stop: AbortSignal;
  readonly retry: Retry;
  readonly observer: BackfillObserver;
}

/** Rows a page: large enough that a round trip does not count, small enough for a flat memory. */
const pageSize = 5_000;

/**
 * The run: pages are read in key order, every row is decided, those to be written go out in batches.
 * A dry run takes the same decisions and leaves it at that.
 *
 * @throws DatabaseError when the database fails for good; batches under way have ended by then
 */
export async function runBackfill(run: Backfill): Promise<void> {
  const pool = createWriterPool(run.writers);
  const pending: PlannedRewrite[] = [];
  const flush = async (enough: number): Promise<void> => {
    while (pending.length >= enough) {
      await nextTurn(); // SQLite's driver blocks: without a turn of the event loop no signal would be heard
      if (run.stop.aborted) return;
      const batch = pending.splice(0, run.batchSize.current());
      await pool.submit(() => writeBatch(run, batch));
    }
  };

  try {
    for await (const page of pagesOf(run)) {
      await nextTurn();
      if (run.stop.aborted) break;
      pending.push(...decidePage(run, page));
      await flush(run.batchSize.current());
      run.observer.reached(page.at(-1)?.id ?? 0);
    }
    await flush(1);
  } finally {
    await pool.drain();
  }
}

function pagesOf({ table, scope, last, retry }: Backfill): ReturnType<typeof readPages> {
  return readPages((...page) => retryTransient(() => table.readPage(...page), retry), {
    scope,
    last,
    size: pageSize,
  });
}

/** Decides a page's rows; reports those that stay as they are and returns those to be written. */
function decidePage(run: Backfill, page: readonly ImageLocation[]): PlannedRewrite[] {
  const planned: PlannedRewrite[] = [];
  for (const location of page) {
    const decision = run.decide(location);
    if (run.mode === 'apply' && isRewrite(decision)) planned.push({ location, decision });
    else run.observer.settled(location, decision);
  }
  return planned;
}

/** Writes one batch, again and again while it fails in ways that pass, and reports its rows. */
async function writeBatch(run: Backfill, batch: readonly PlannedRewrite[]): Promise<void> {
  let commitUnknown = false;
  const settled = await retryTransient((previous) => {
    commitUnknown ||= previous?.kind === 'commit-unknown';
    return attemptBatch(run, batch, commitUnknown);
  }, run.retry);
  for (const { location, decision } of settled) run.observer.settled(location, decision);
}

async function attemptBatch(
  { table, scope, decide, batchSize }: Backfill,
  batch: readonly PlannedRewrite[],
  commitUnknown: boolean,
): Promise<readonly Settled[]> {
  const startedAt = performance.now();
  let settled: readonly Settled[] = [];
  const ids = batch.map(({ location }) => location.id);
  await table.rewrite(ids, new Date(), (locked) => {
    const settlement = settle(batch, locked, { scope, decide, commitUnknown });
    settled = settlement.settled;
    return settlement.updates;
  });
  batchSize.observe(batch.length, performance.now() - startedAt);
  return settled;
}
