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

/** What is done with the rows. */
export interface BatchWork<Row> {
  /** characters that a row holds, of what it shares with no other */
  readonly textLength: (row: Row) => number;
  /** writes one batch, however long that takes */
  readonly write: (batch: readonly Row[]) => Promise<void>;
}

/** Characters that a batch's rows may hold together: they are in memory several times over while it is written. */
const mostText = 2_000_000;

/** Rows that wait go out as soon as they make a batch, by their number or by their texts. */
export function createBatches<Row>(
  { batchSize, writers, stop, throttle }: BatchesOptions,
  { textLength, write }: BatchWork<Row>,
): Batches<Row> {
  const pool = createWriterPool(writers);
  const waiting: Row[] = [];
  let waitingText = 0;
  const sumText = (rows: readonly Row[]): number =>
    rows.reduce((sum, row) => sum + textLength(row), 0);
  const begin = async (enough: number): Promise<void> => {
    while (waiting.length >= enough || waitingText >= mostText) {
      await pool.free();
      await nextTurn(); // SQLite's driver blocks: without a turn of the event loop no signal would be heard
      const rows = countFitting(waiting, batchSize.current(), textLength);
      await throttle.passRows(rows);
      if (stop.aborted) return;
      const batch = waiting.splice(0, rows);
      waitingText -= sumText(batch);
      pool.start(() => write(batch));
    }
  };
  return {
    async add(rows) {
      waiting.push(...rows);
      waitingText += sumText(rows);
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

/** How many of the rows that wait make a batch: at least one, however long its texts. */
function countFitting<Row>(
  waiting: readonly Row[],
  most: number,
  textLength: (row: Row) => number,
): number {
  let [rows, text] = [0, 0];
  for (const row of waiting) {
    text += textLength(row);
    if (rows === most || text > mostText) break;
    rows += 1;
  }
  return Math.max(1, rows);
}
