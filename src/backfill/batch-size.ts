/** How many rows the next batch holds, learnt from how long the last ones took. */
export interface BatchSize {
  /** rows */
  current(): number;
  /** Tells how many rows a batch held, and how long its transaction took (ms). */
  committed(rows: number, ms: number): void;
  /** Tells how many rows a batch held that was rolled back, since it took too long or met another. */
  rolledBack(rows: number): void;
}

/** Bounds of an adaptive size, in rows: above the upper one a commit is no longer what costs. */
const smallest = 50;
const first = 1_000;
const largest = 5_000;

/** By how much one batch at most changes the size, so that a single slow disk flush does not throw it about. */
const growth = 1.5;
const cut = 0.5;

/** How a fixed size that was cut comes back: slowly, or the next batch would meet what this one met. */
const recovery = 1.1;

/** What an adaptive size heeds. */
export interface BatchBounds {
  /** how long a batch's transaction is to take (ms) */
  readonly targetMs: number;
  /** the most rows a transaction may change, Infinity without a limit */
  readonly maxRows: number;
}

/** The size that `--batch-size` asks for: halved by a batch that was rolled back, and never above it. */
export function fixedBatchSize(rows: number): BatchSize {
  let size = rows;
  return {
    current: () => size,
    committed(held) {
      if (!saysLittle(held, size)) size = Math.min(rows, Math.ceil(size * recovery));
    },
    rolledBack(held) {
      if (!saysLittle(held, size)) size = Math.ceil(size * cut);
    },
  };
}

/** A size that settles where a batch takes about the time wanted: row locks are held for no longer than that. */
export function adaptiveBatchSize({ targetMs, maxRows }: BatchBounds): BatchSize {
  const most = Math.min(largest, maxRows);
  let size = Math.min(first, most);
  const change = (factor: number): void => {
    size = Math.round(Math.min(most, Math.max(smallest, size * factor)));
  };
  return {
    current: () => size,
    committed(held, ms) {
      // Of a part of a batch it says little that it was quick, and much that it was slow.
      if (saysLittle(held, size) && ms <= targetMs) return;
      change(Math.min(growth, Math.max(cut, targetMs / Math.max(ms, 1))));
    },
    rolledBack(held) {
      if (!saysLittle(held, size)) change(cut);
    },
  };
}

/** The last, short batch, or a part of one. */
function saysLittle(rows: number, size: number): boolean {
  return rows < size / 2;
}
