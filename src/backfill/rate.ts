import type { BatchSize } from './batch-size.ts';

/** Keeps the rows written since the run began below so many a second on average, at every moment. */
export interface Rate {
  /** the most rows written at once: a quarter of a second's, so that writes come evenly */
  readonly largestBatch: number;
  /**
   * Takes the next `rows` rows' turn.
   * @param now ms, of the clock that told the start
   * @returns how long to wait before they are written (ms)
   */
  reserve(rows: number, now: number): number;
}

/** Time that was not used is made good for later, but no more than this (ms): a pause is not followed by a rush. */
const credit = 1_000;

/** @param startedAt when the run began (ms) */
export function createRate(rowsPerSecond: number, startedAt: number): Rate {
  let paidUntil = startedAt;
  return {
    largestBatch: Math.max(1, Math.floor(rowsPerSecond / 4)),
    reserve(rows, now) {
      paidUntil = Math.max(paidUntil, now - credit) + (rows / rowsPerSecond) * 1_000;
      return Math.max(0, paidUntil - now);
    },
  };
}

/** A batch size that heeds a rate as well, even a fixed one; undefined for no rate. */
export function cutToRate(batchSize: BatchSize, rate: Rate | undefined): BatchSize {
  if (rate === undefined) return batchSize;
  const { largestBatch } = rate;
  return {
    current: () => Math.min(batchSize.current(), largestBatch),
    committed: (rows, ms) => {
      batchSize.committed(rows, ms);
    },
    rolledBack: (rows) => {
      batchSize.rolledBack(rows);
    },
  };
}
