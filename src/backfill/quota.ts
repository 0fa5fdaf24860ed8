/** How many rows a run may write yet, as `--max-count` limits it. */
export interface Quota {
  /** Takes a place for a row that is to be written; false when all are taken. */
  take(): boolean;
  /** Gives back the places of rows that in the end were not written. */
  giveBack(rows: number): void;
  /** Whether there is a place. */
  hasRoom(): boolean;
}

/** @param maxCount rows; undefined for no limit */
export function createQuota(maxCount: number | undefined): Quota {
  let left = maxCount ?? Infinity;
  return {
    take() {
      if (left === 0) return false;
      left -= 1;
      return true;
    },
    giveBack(rows) {
      left += rows;
    },
    hasRoom: () => left > 0,
  };
}
