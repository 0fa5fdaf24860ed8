import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LocationTable, Scope } from '../database/location-table.ts';
import type { Journal } from '../journal/journal.ts';
import type { Decision } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import type { FindUrlKind } from '../locations/url-kinds.ts';
import type { BatchSize } from './batch-size.ts';
import { type BatchWriter, createBatchWriter } from './batch-writer.ts';
import { createBatches } from './batches.ts';
import { type KnownKind, KnownKinds } from './known-kinds.ts';
import { createPageReader } from './page-reader.ts';
import { type Page, type ReadPage, readPages } from './pages.ts';
import type { Retry } from './retry.ts';
import { isRewrite, type PlannedRewrite, settle } from './settle.ts';
import type { Throttle } from './throttle.ts';

/** What the run tells while it goes on. Must not throw. */
export interface BackfillObserver {
  /** the outcome of one row is final: decided and, where it says so, committed */
  settled(location: ImageLocation, decision: Decision): void;
  /** so many more rows are like one that was told of before, and have the same outcome */
  counted(kind: KnownKind, rows: number): void;
  /** whether rows that this becomes of are to be told one by one */
  isToBeShown(decision: Decision): boolean;
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
  readonly findUrlKind: FindUrlKind;
  /** rows */
  readonly pageSize: number;
  readonly batchSize: BatchSize;
  readonly writers: number;
  /** aborted: no new page or batch is begun, those under way are finished */
  readonly stop: AbortSignal;
  readonly retry: Retry;
  /** what to wait for before each page and batch */
  readonly throttle: Throttle;
  /** where every batch is written down before it is carried out; a dry run leaves it alone */
  readonly journal: Journal;
  readonly observer: BackfillObserver;
}

/** Rows a page: large enough that a round trip does not count, small enough for a flat memory. */
export const usualPageSize = 5_000;

/** How often a row that others keep changing is planned before the run lets it be. */
const rounds = 5;

/**
 * The run: pages are read in key order, every row is decided, those to be written go out in batches.
 * A dry run takes the same decisions and leaves it at that.
 *
 * @throws DatabaseError when the database fails for good, JournalError when the journal cannot be made or written;
 *   batches under way have ended by then
 */
export async function runBackfill(run: Backfill): Promise<void> {
  const writer = createBatchWriter(run);
  const batches = createBatches<PlannedRewrite>(run, (batch) => writeBatch(run, writer, batch));
  try {
    const kinds = new KnownKinds({
      findUrlKind: run.findUrlKind,
      isCountable: (decision) => isCountable(run, decision),
    });
    for await (const page of pagesOf(run, kinds)) {
      await nextTurn();
      if (run.stop.aborted) break;
      await batches.add(decidePage(run, page, kinds));
      run.observer.reached(page.end);
    }
    await batches.flush();
  } finally {
    await batches.drain();
  }
}

function pagesOf(run: Backfill, kinds: KnownKinds): ReturnType<typeof readPages> {
  const { last, scope, pageSize } = run;
  // Rows of a few images are found through an index, so for them the table is one stretch.
  const width = scope.imageIds === undefined ? pageSize : last;
  const read = createPageReader({ ...run, kinds });
  const readPage: ReadPage = async (range) => {
    await run.throttle.pass();
    return read(range);
  };
  return readPages(readPage, { last, size: pageSize, width });
}

/** Rows to be written have to be read, and some others are to be shown. */
function isCountable({ mode, observer }: Backfill, decision: Decision): boolean {
  return !(mode === 'apply' && isRewrite(decision)) && !observer.isToBeShown(decision);
}

/** Decides a page's rows; reports those that stay as they are and returns those to be written. */
function decidePage(run: Backfill, { counted, rows }: Page, kinds: KnownKinds): PlannedRewrite[] {
  const planned: PlannedRewrite[] = [];
  const decided = rows.map((location) => ({ location, decision: run.decide(location) }));
  kinds.learn(decided, counted);
  for (const { kind, count } of counted) run.observer.counted(kind, count);
  for (const { location, decision } of decided) {
    if (run.mode === 'apply' && isRewrite(decision)) planned.push({ location, decision });
    else run.observer.settled(location, decision);
  }
  return planned;
}

/** Writes one batch and reports its rows. Those that changed meanwhile get a plan and a transaction of their own. */
async function writeBatch(
  run: Backfill,
  writer: BatchWriter,
  batch: readonly PlannedRewrite[],
): Promise<void> {
  let planned = batch;
  for (let round = 1; planned.length > 0 && round <= rounds; round++) {
    planned = await writeRound(run, writer, planned);
  }
  for (const { location } of planned) {
    run.observer.settled(location, { kind: 'conflicted', reason: 'keeps changing' });
  }
}

/** @returns the rows that are to be planned anew */
async function writeRound(
  { scope, decide, observer }: Backfill,
  writer: BatchWriter,
  planned: readonly PlannedRewrite[],
): Promise<readonly PlannedRewrite[]> {
  const { changed } = await writer.write({
    rows: planned.map(({ location, decision }) => ({
      id: location.id,
      old: location.metaData,
      new: decision.metaData,
    })),
    look: (locked, lostStamp) => settle(planned, locked, { scope, decide, lostStamp }),
    committed({ settled }) {
      for (const { location, decision } of settled) observer.settled(location, decision);
    },
  });
  return changed;
}
