import { outcomes } from '../locations/decision.ts';
import type { BackfillReport } from './report.ts';
import { rewrittenRows } from './tally.ts';

/** Whether the run wrote, or only said what it would write. Every metric but the build's has it as label. */
type Mode = 'write' | 'dry-run';

/** What the metrics of a run tell; the less, the earlier it ended. */
export interface MetricsFacts {
  readonly version: string;
  readonly dryRun: boolean;
  readonly finishedAt: Date;
  readonly seconds: number;
  readonly exitCode: number;
  /** it came to the end of the table without a failure */
  readonly isSuccess: boolean;
  /** undefined for a run that ended before it had begun to read rows */
  readonly counts: RunCounts | undefined;
  /** the metrics of the run before, whose last success stays the last one until there is another */
  readonly previous: string;
}

/** What a run counted. */
export interface RunCounts {
  readonly report: Pick<BackfillReport, 'rows' | 'stores' | 'stoppedBy'>;
  /** ids of the enabled stores that no location can be given to */
  readonly unusableStores: readonly string[];
}

/** What every file of metrics begins with. */
export const metricsStart = '# HELP glance_store_backfill_build_info ';

/** The run as a file for the textfile collector of Prometheus' node_exporter; gauges all, in seconds and rows. */
export function renderMetrics(facts: MetricsFacts): string {
  const mode: Mode = facts.dryRun ? 'dry-run' : 'write';
  return [
    metric('build_info', 'The program that wrote these metrics.', [
      sample({ version: facts.version }, 1),
    ]),
    ...runMetrics(facts, mode),
    ...(facts.counts === undefined ? [] : countMetrics(facts.counts, mode)),
  ].join('');
}

function runMetrics(facts: MetricsFacts, mode: Mode) {
  const { finishedAt, seconds, exitCode, isSuccess, previous } = facts;
  const now = finishedAt.getTime() / 1000;
  const successes = readSuccesses(previous);
  if (isSuccess) successes.set(mode, now);
  return [
    metric('last_run_timestamp_seconds', 'When the last run ended.', [sample({ mode }, now)]),
    metric(
      'last_success_timestamp_seconds',
      'When a run last came to the end of the table without a failure.',
      [...successes].map(([of, at]) => sample({ mode: of }, at)),
    ),
    metric('last_run_duration_seconds', 'How long the last run took.', [sample({ mode }, seconds)]),
    metric('last_run_exit_code', 'The exit code of the last run.', [sample({ mode }, exitCode)]),
  ];
}

const successLine =
  /^glance_store_backfill_last_success_timestamp_seconds\{mode="(write|dry-run)"\} (\d+(?:\.\d+)?)$/gm;

function readSuccesses(previous: string): Map<string, number> {
  const found = [...previous.matchAll(successLine)];
  return new Map(found.map(([, mode = '', at]) => [mode, Number(at)]));
}

function countMetrics({ report, unusableStores }: RunCounts, mode: Mode): string[] {
  const { rows, stores, stoppedBy } = report;
  const written = mode === 'write' ? rewrittenRows(rows) : 0;
  return [
    metric('last_run_written_rows', 'Rows that the last run wrote.', [sample({ mode }, written)]),
    metric(
      'store_usable',
      'Whether locations can be given to an enabled store, as its configuration was in the last run.',
      stores.map(({ id }) => sample({ mode, store: id }, unusableStores.includes(id) ? 0 : 1)),
    ),
    // Of a table half read there are no counts that could be compared with those of another day.
    ...(stoppedBy === null ? tableMetrics(report, mode) : []),
  ];
}

const storeOutcomes = ['current', 'assigned', 'replaced'] as const;

function tableMetrics({ rows, stores }: RunCounts['report'], mode: Mode): string[] {
  return [
    metric(
      'rows',
      'Image locations by what became of them; not there unless the last run came to the end of the table.',
      outcomes.map((outcome) => sample({ mode, outcome }, rows[outcome])),
    ),
    metric(
      'store_rows',
      'Image locations by the store that they have, or would get, and what became of them.',
      stores.flatMap((store) =>
        storeOutcomes.map((outcome) => sample({ mode, store: store.id, outcome }, store[outcome])),
      ),
    ),
    metric(
      'contradicting_rows',
      'Image locations that name an enabled store although their URL lies in another one.',
      [sample({ mode }, rows.contradicting)],
    ),
  ];
}

/** One metric with its samples, nothing where there are none. */
function metric(name: string, help: string, samples: readonly string[]): string {
  if (samples.length === 0) return '';
  const full = `glance_store_backfill_${name}`;
  const head = `# HELP ${full} ${help}\n# TYPE ${full} gauge\n`;
  return head + samples.map((labelled) => `${full}${labelled}\n`).join('');
}

function sample(labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escapeLabel(text)}"`);
  return `{${pairs.join(',')}} ${value}`;
}

/** As the text format wants it: https://prometheus.io/docs/instrumenting/exposition_formats/ */
function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
