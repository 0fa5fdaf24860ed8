/** How many rows the next batch holds, learnt from how long the last ones took. */
export interface BatchSize {
  /** rows */
  current(): number;
  /** Tells how many rows a batch held and how long its transaction took (ms). */
  observe(rows: number, ms: number): void;
}

/** Bounds of an adaptive size, in rows: above the upper one a commit is no longer what costs. */
const smallest = 50;
const first = 1_000;
const largest = 5_000;

/** What an adaptive size heeds. */
export interface BatchBounds {
  /** how long a batch's transaction is to take (ms) */
  readonly targetMs: number;
  /** the most rows a transaction may change, Infinity without a limit */
  readonly maxRows: number;
}

/** A size that never changes, as `--batch-size` asks for. */
export function fixedBatchSize(rows: number): BatchSize {
  return { current: () => rows, observe: () => undefined };
}

/**
 * A size that settles where a batch takes about the time wanted: row locks are held for no longer than that.
 * One batch at most halves it or grows it by half, so that a single slow disk flush does not throw it about.
 */
export function adaptiveBatchSize({ targetMs, maxRows }: BatchBounds): BatchSize {
  const most = Math.min(largest, maxRows);
  let size = Math.min(first, most);
  return {
    current: () => size,
    observe(rows, ms) {
      if (rows < size / 2) return; // the last, short batch says little
      const change = Math.min(1.5, Math.max(0.5, targetMs / Math.max(ms, 1)));
      size = Math.round(Math.min(most, Math.max(smallest, size * change)));
    },
  };
}
