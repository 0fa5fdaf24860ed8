import type { BackfillEnding } from '../backfill/backfill.ts';
import type { BackfillOptions } from '../options.ts';
import { renderReportLine } from '../report/one-line.ts';
import { renderReportTable } from '../report/report-table.ts';
import { buildReport, type RunFacts } from '../report/build-report.ts';
import type { Tally } from '../report/tally.ts';
import { version } from '../version.ts';
import type { ConfiguredDatabase } from './database.ts';
import type { RunMetrics } from './metrics-file.ts';
import { writeReportFile } from './report-file.ts';
import { printResult } from './result.ts';
import type { RunJournalPlace } from './run-journal.ts';
import type { Run, RunEnd } from './run.ts';
import type { Setup } from './setup.ts';
import { toLabelsReport, type CheckedLabels } from './labels.ts';

/** Everything one run works with. */
export interface BackfillRun extends Run {
  readonly options: BackfillOptions;
  readonly setup: Setup;
  readonly database: ConfiguredDatabase;
  readonly place: RunJournalPlace;
  readonly metrics: RunMetrics;
  readonly tally: Tally;
}

/** How the work ended, how far there was to go, and what the table's labels say of the configuration. */
export interface WorkEnding extends BackfillEnding {
  /** undefined when they were not checked */
  readonly labels: CheckedLabels | undefined;
  /** the highest location id when the run began; undefined when the run ended before it knew */
  readonly last: number | undefined;
}

/**
 * Builds the report and hands it to whoever asked for it. The file first: whatever became of the terminal, it is what
 * the operator asked to keep.
 */
export async function reportBackfill(
  run: BackfillRun,
  startedAt: Date,
  end: RunEnd<WorkEnding>,
): Promise<void> {
  const { options, tally, setup, table, journal, terminal } = run;
  const { ending, stoppedBy } = end;
  const built = buildReport(tally, setup.stores, {
    version,
    dryRun: options.dryRun,
    matching: options.matching,
    startedAt,
    finishedAt: new Date(),
    database: table.description,
    ...foretold(run, ending),
    journal: journal.path(),
    stoppedBy,
    stoppedAt:
      stoppedBy === null || ending?.last === undefined
        ? null
        : { locationId: ending.reached, lastLocationId: ending.last },
    exitCode: end.exitCode,
  });
  run.metrics.take(built, setup);
  try {
    if (options.reportFile !== undefined) writeReportFile(options.reportFile, built);
  } finally {
    await printResult(terminal, options, built, renderReportTable, renderReportLine);
  }
}

/** What a dry run found out about a run that would write. */
function foretold(
  { refusals }: BackfillRun,
  ending: WorkEnding | undefined,
): Pick<RunFacts, 'labels' | 'refusals'> {
  const labels = ending?.labels;
  if (labels === undefined) return { refusals, labels: null };
  const { maxContradictions, refusal } = labels;
  return {
    refusals: refusal === null ? refusals : [...refusals, refusal],
    labels: toLabelsReport(labels, maxContradictions),
  };
}
