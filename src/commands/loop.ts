import type { LoopOptions } from '../backfill/loop-options.ts';
import { cutToRate } from '../backfill/rate.ts';
import type { WritingOptions } from '../options.ts';
import type { Progress } from '../report/progress.ts';
import { batchSizeFor, paceOf } from './pace.ts';
import { retryFor } from './retry.ts';
import type { Run } from './run.ts';
import { heedsGalera, rateFor, throttleFor } from './throttle.ts';

/** What the loop of a run goes by, in real time; a rate counts from now on. */
export function loopOptions(
  { table, stop, journal, terminal }: Run,
  { dryRun, batchSize, writers, maxRate, maxLoad }: WritingOptions,
  progress: Progress,
): LoopOptions {
  const rate = rateFor(maxRate);
  return {
    table,
    mode: dryRun ? 'dry-run' : 'apply',
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
