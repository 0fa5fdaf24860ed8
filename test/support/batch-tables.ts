import type { LocationTable } from '../../src/database/location-table.ts';

/** The table, or for each batch another; `choose` is told the number of the batch, from 1 up; an attempt after a lost COMMIT counts as one more. */
export function perBatch(
  table: LocationTable,
  choose: (batch: number) => Promise<LocationTable>,
): LocationTable {
  let batches = 0;
  let isLookedAt = false;
  return {
    ...table,
    async rewriteKinds(...rewrite) {
      const isWritten = await (await choose((batches += 1))).rewriteKinds(...rewrite);
      isLookedAt = !isWritten;
      return isWritten;
    },
    async rewrite(...rewrite) {
      // One that its kind does not hold for any more is the same batch.
      if (!isLookedAt) batches += 1;
      isLookedAt = false;
      await (await choose(batches)).rewrite(...rewrite);
    },
  };
}

/** The table, with something around each attempt to write: one that compares by kind, or the look under lock. */
export function writingThrough(
  table: LocationTable,
  around: <T>(ids: readonly number[], updatedAt: Date, write: () => Promise<T>) => Promise<T>,
): LocationTable {
  return {
    ...table,
    rewriteKinds: (scope, updates, updatedAt) =>
      around(
        updates.flatMap(({ ids }) => ids),
        updatedAt,
        () => table.rewriteKinds(scope, updates, updatedAt),
      ),
    rewrite: (ids, updatedAt, settle) =>
      around(ids, updatedAt, () => table.rewrite(ids, updatedAt, settle)),
  };
}
