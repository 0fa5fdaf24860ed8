import { setFlagsFromString } from 'node:v8';
import { adaptiveBatchSize, type BatchSize, fixedBatchSize } from '../backfill/batch-size.ts';
import type { Retry } from '../backfill/retry.ts';
import type { LocationTable } from '../database/location-table.ts';
import { RunFailure } from '../exit-code.ts';
import type { Journal } from '../journal/journal.ts';
import type { Terminal } from '../terminal.ts';

/**
 * How rows are written. A batch's transaction is to take about `targetMs` (ms): no row stays locked for longer.
 * A Galera cluster certifies transactions one after the other, so there large ones and several writers only collide.
 */
export const pace = { targetMs: 250, writers: 2 };
const galeraPace = { targetMs: 100, writers: 1 };

/** The pace that suits the server. */
export function paceOf({ galera }: LocationTable): typeof pace {
  return galera === undefined ? pace : galeraPace;
}

/** @param rows a fixed size; undefined for one that adapts */
export function batchSizeFor(table: LocationTable, rows: number | undefined): BatchSize {
  const maxRows = table.galera?.maxRows ?? Infinity;
  if (rows !== undefined) return fixedBatchSize(Math.min(rows, maxRows));
  return adaptiveBatchSize({ targetMs: paceOf(table).targetMs, maxRows });
}

/**
 * For runs that write: their rows come and go by the million while some 30 MB of them are alive, and left to itself
 * V8 lets five times as much gather. It costs time, so a dry run, which keeps less, goes without.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=30');
}

/** What a run does with its decisions. */
export function modeOf({ dryRun }: { readonly dryRun: boolean }): 'dry-run' | 'apply' {
  return dryRun ? 'dry-run' : 'apply';
}

/** Tries again in real time; told with `--verbose`. */
export function retryFor(terminal: Terminal): Retry {
  return {
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onRetry: (error, waitMs) => {
      terminal.info(`${error.message}; trying again in ${waitMs} ms`);
    },
  };
}

/** What a run failed with. */
export interface Failure {
  readonly error: unknown;
}

/**
 * Does a run's work and closes its journal, whether the work failed or not.
 *
 * @returns what failed first; undefined when nothing did
 */
export async function workAndClose(
  work: () => Promise<void>,
  journal: Journal,
): Promise<Failure | undefined> {
  const failure = await failureOf(work());
  const closing = await failureOf(journal.close());
  return failure ?? closing;
}

/** The error to end a failed run with: it names the journal if there is one. */
export function runError({ error }: Failure, journal: Journal): unknown {
  const path = journal.path();
  return path === null ? error : new RunFailure(error, path);
}

function failureOf(work: Promise<void>): Promise<Failure | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
}
