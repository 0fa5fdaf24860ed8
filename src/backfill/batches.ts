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
  /**
   * Has the rows that wait written, too, and waits for every batch that was begun.
   * @returns the rows of which none was begun, since the run is stopped
   * @throws what a batch failed with; others may still be under way
   */
  finish(): Promise<readonly Row[]>;
  /**
   * Waits for every batch that was begun, and begins no other.
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
      await pool.free();
      await nextTurn(); // SQLite's driver blocks: without a turn of the event loop no signal would be heard
      const rows = Math.min(waiting.length, batchSize.current());
      await throttle.passRows(rows);
      if (stop.aborted) return;
      const batch = waiting.splice(0, rows);
      pool.start(() => write(batch));
    }
  };
  return {
    async add(rows) {
      waiting.push(...rows);
      await begin(batchSize.current());
    },
    async finish() {
      await begin(1);
      await pool.drain();
      return waiting;
    },
    drain: () => pool.drain(),
  };
}
