import { setFlagsFromString } from 'node:v8';
import { adaptiveBatchSize, type BatchSize, fixedBatchSize } from '../backfill/batch-size.ts';
import type { LocationTable } from '../database/location-table.ts';
import type { BackfillOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';

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

/**
 * For runs that write: their rows come and go by the million while some 30 MB of them are alive, and left to itself
 * V8 lets five times as much gather. It costs time, so a dry run, which keeps less, goes without.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=80');
}

/** What a run does with its decisions. */
export function modeOf({ dryRun }: { readonly dryRun: boolean }): 'dry-run' | 'apply' {
  return dryRun ? 'dry-run' : 'apply';
}

/** How a run shows its progress on stderr. */
export function progressStyle(
  wanted: BackfillOptions['progress'],
  { verbosity }: Terminal,
): 'bar' | 'lines' | 'none' {
  if (wanted === 'none' || verbosity === 'quiet') return 'none';
  return process.stderr.isTTY ? 'bar' : 'lines';
}
