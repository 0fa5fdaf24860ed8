import { adaptiveBatchSize, type BatchSize, fixedBatchSize } from '../backfill/batch-size.ts';
import type { LocationTable } from '../database/location-table.ts';

/**
 * How rows are written. A batch's transaction is to take about `targetMs` (ms): no row stays locked for longer.
 * A Galera cluster certifies transactions one after the other, so there large ones and several writers only collide.
 */
export const pace = { targetMs: 250, writers: 2 };
const galeraPace = { targetMs: 100, writers: 1 };

/** The pace that suits the server. */
export function paceOf({ isGalera }: LocationTable): typeof pace {
  return isGalera ? galeraPace : pace;
}

/** @param rows a fixed size; undefined for one that adapts */
export function batchSizeFor(table: LocationTable, rows: number | undefined): BatchSize {
  const maxRows = table.maxBatchRows;
  if (rows !== undefined) return fixedBatchSize(Math.min(rows, maxRows));
  return adaptiveBatchSize({ targetMs: paceOf(table).targetMs, maxRows });
}
