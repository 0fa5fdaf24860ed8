import type { LoopOptions } from '../backfill/loop-options.ts';
import { cutToRate } from '../backfill/rate.ts';
import type { BackfillOptions } from '../options.ts';
import type { Progress } from '../report/progress.ts';
import { retryFor } from './retry.ts';
import type { Run } from './run.ts';
import { heedsGalera, rateFor, throttleFor } from './throttle.ts';
import { batchSizeFor, modeOf, paceOf } from './writing.ts';

/** How fast the operator wants a run to be; undefined for what suits the server. */
export type WantedPace = Pick<
  BackfillOptions,
  'dryRun' | 'batchSize' | 'writers' | 'maxRate' | 'maxLoad'
>;

/** What suits the server. */
export const usualPace = {
  batchSize: undefined,
  writers: undefined,
  maxRate: undefined,
  maxLoad: [],
} as const;

/** What the loop of a run goes by, in real time; a rate counts from now on. */
export function loopOptions(
  { table, stop, journal, terminal }: Run,
  { dryRun, batchSize, writers, maxRate, maxLoad }: WantedPace,
  progress: Progress,
): LoopOptions {
  const rate = rateFor(maxRate);
  return {
    table,
    mode: modeOf({ dryRun }),
    batchSize: cutToRate(batchSizeFor(table, batchSize), rate),
    writers: writers ?? paceOf(table).writers,
    stop: stop.signal,
    retry: retryFor({ terminal, progress }),
    throttle: throttleFor({
      table,
      rate,
      stop,
      terminal,
      progress,
      signals: { limits: maxLoad, galera: heedsGalera(table, { dryRun }) },
    }),
    journal,
  };
}
