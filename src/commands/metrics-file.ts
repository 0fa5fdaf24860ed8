import { existsSync, readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { exitCode } from '../exit-code.ts';
import { findUnusableStores } from '../locations/store-warnings.ts';
import type { BackfillOptions } from '../options.ts';
import { metricsStart, renderMetrics, type RunCounts } from '../report/metrics.ts';
import type { BackfillReport } from '../report/report.ts';
import { version } from '../version.ts';
import { checkPlace, followLink } from './output-place.ts';
import type { Setup } from './setup.ts';
import { explainWrite, writeWholeFile } from './whole-file.ts';

/** What metrics are told while the run goes on. */
export interface RunMetrics {
  take(report: BackfillReport, setup: Setup): void;
}

const option = '--metrics-file';

/** node_exporter is another user. */
const readableByAll = 0o644;

/** With these codes a run came to the end of the table: rows that are left over, or to be written, are no failure. */
export const successCodes: ReadonlySet<number> = new Set([
  exitCode.done,
  exitCode.rowsToWrite,
  exitCode.rowsLeft,
]);

/** With these codes nothing else went wrong, so metrics that cannot be written make the run a failed one. */
const goodCodes: ReadonlySet<number> = new Set([...successCodes, exitCode.stopped]);

/**
 * Sees to it that metrics are written as the last thing the process does, whichever way it ends: the exit code is not
 * known before, and a signal may end the run at once.
 *
 * @throws UsageError for a file that could not be written in the end, before anything is done
 */
export function keepMetrics(options: BackfillOptions): RunMetrics {
  const { metricsFile, dryRun, matching } = options;
  if (metricsFile === undefined) return { take: () => undefined };
  checkMetricsFile(metricsFile, options);
  const startedAt = performance.now();
  let counts: RunCounts | undefined;
  process.once('exit', (code) => {
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    const isSuccess = successCodes.has(code);
    const ended = { finishedAt: new Date(), seconds, exitCode: code, isSuccess };
    try {
      writeMetrics(metricsFile, (previous) =>
        renderMetrics({ version, dryRun, ...ended, counts, previous }),
      );
    } catch (error) {
      // Nobody is left to catch it.
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      if (goodCodes.has(code)) process.exitCode = exitCode.failed;
    }
  });
  return {
    take(report, { stores }) {
      const unusableStores = findUnusableStores({ stores, matching }).map(({ id }) => id);
      counts = { report, unusableStores };
    },
  };
}

function checkMetricsFile(
  path: string,
  { imageIds, rowsFile }: Pick<BackfillOptions, 'imageIds' | 'rowsFile'>,
): void {
  if (extname(path) !== '.prom') {
    const why = 'the name must end in .prom, or node_exporter passes it over';
    throw new UsageError(`${option} ${path}: ${why}`);
  }
  if (imageIds !== undefined) {
    throw new UsageError(`${option} tells of the whole table, --image of a part; leave one out`);
  }
  if (rowsFile !== undefined && resolve(rowsFile) === resolve(path)) {
    throw new UsageError(`${option} and --rows-file name the same file; name two`);
  }
  checkPlace(option, path, metricsStart);
}

function writeMetrics(path: string, render: (previous: string) => string): void {
  explainWrite(option, path, () => {
    const target = followLink(option, path);
    const previous = existsSync(target) ? readFileSync(target, 'utf8') : '';
    writeWholeFile(target, render(previous), readableByAll);
  });
}
