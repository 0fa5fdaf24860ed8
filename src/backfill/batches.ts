import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BatchSize } from './batch-size.ts';
import type { Throttle } from './throttle.ts';
import { createWriterPool } from './writer-pool.ts';

/** Gathers rows into batches and has them written, several at a time. */
export interface Batches<Row> {
  /**
   * Resolves when fewer rows wait than make a batch, or the run is stopped.
   * @throws what an earlier batch failed with; no further batch is begun then
   */
  add(rows: readonly Row[]): Promise<void>;
  /** Begins a last batch of the rows that wait. */
  flush(): Promise<void>;
  /**
   * Waits for every batch that was begun.
   * @throws the first failure among them, after all have ended
   */
  drain(): Promise<void>;
}

export interface BatchesOptions {
  readonly batchSize: BatchSize;
  /** batches written at a time */
  readonly writers: number;
  /** aborted: no new batch is begun */
  readonly stop: AbortSignal;
  /** what to wait for before each batch */
  readonly throttle: Throttle;
}

/** @param write writes one batch, however long that takes */
export function createBatches<Row>(
  { batchSize, writers, stop, throttle }: BatchesOptions,
  write: (batch: readonly Row[]) => Promise<void>,
): Batches<Row> {
  const pool = createWriterPool(writers);
  const waiting: Row[] = [];
  const begin = async (enough: number): Promise<void> => {
    while (waiting.length >= enough) {
      await nextTurn(); // SQLite's driver blocks: without a turn of the event loop no signal would be heard
      await throttle.passRows(Math.min(waiting.length, batchSize.current()));
      if (stop.aborted) return;
      const batch = waiting.splice(0, batchSize.current());
      await pool.submit(() => write(batch));
    }
  };
  return {
    async add(rows) {
      waiting.push(...rows);
      await begin(batchSize.current());
    },
    flush: () => begin(1),
    drain: () => pool.drain(),
  };
}
