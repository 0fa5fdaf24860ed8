import type { LocationTable } from '../database/location-table.ts';
import type { Journal } from '../journal/journal.ts';
import type { BatchSize } from './batch-size.ts';
import type { Retry } from './retry.ts';
import type { Throttle } from './throttle.ts';

/** What a run does with its decisions. */
export type Mode = 'dry-run' | 'apply';

/** How the work of a run came to its end: with nothing left to do, since it was told to stop, or by `--max-count`. */
export interface Ending {
  readonly kind: 'complete' | 'stopped' | 'max-count';
}

/** What a backfill and an undo have in common. */
export interface LoopOptions {
  readonly table: LocationTable;
  readonly mode: Mode;
  readonly batchSize: BatchSize;
  /** batches written at a time */
  readonly writers: number;
  /** aborted: nothing is begun any more, batches under way are finished */
  readonly stop: AbortSignal;
  readonly retry: Retry;
  /** what to wait for before each page and batch */
  readonly throttle: Throttle;
  /** the run's own, where every batch is written down before it is carried out; a dry run leaves it alone */
  readonly journal: Journal;
}
