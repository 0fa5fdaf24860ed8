import { describe, expect, it } from 'vitest';
import {
  type MetricsFacts,
  metricsStart,
  renderMetrics,
  type RunCounts,
} from '../../../src/report/metrics.ts';
import { makeReport } from '../../support/reports.ts';

const finishedAt = new Date('2026-11-22T16:20:01.900Z');
const now = '1795364401.9';

/** A run of a minute and a half; a test states only what matters to it. */
function render(differences: Partial<MetricsFacts> = {}): string {
  return renderMetrics({
    ...{
      version: '1.2.3',
      dryRun: false,
      finishedAt,
      seconds: 90.25,
      exitCode: 0,
      isSuccess: true,
    },
    ...{ counts: undefined, previous: '' },
    ...differences,
  });
}

function count(report: Parameters<typeof makeReport>[0], unusableStores: string[] = []): RunCounts {
  return { report: makeReport(report), unusableStores };
}

/** The samples, without their common beginning. */
function samplesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/^glance_store_backfill_/, ''));
}

describe('the metrics of a run', () => {
  it('tell what became of the rows, by outcome and by store', () => {
    const text = render({ counts: count({ dryRun: false }) });
    expect(samplesOf(text)).toEqual([
      'build_info{version="1.2.3"} 1',
      `last_run_timestamp_seconds{mode="write"} ${now}`,
      `last_success_timestamp_seconds{mode="write"} ${now}`,
      'last_run_duration_seconds{mode="write"} 90.25',
      'last_run_exit_code{mode="write"} 0',
      'last_run_written_rows{mode="write"} 2101',
      'store_usable{mode="write",store="fast"} 1',
      'rows{mode="write",outcome="current"} 1120',
      'rows{mode="write",outcome="assigned"} 2041',
      'rows{mode="write",outcome="replaced"} 60',
      'rows{mode="write",outcome="skipped"} 0',
      'rows{mode="write",outcome="unmatched"} 200',
      'rows{mode="write",outcome="ambiguous"} 0',
      'rows{mode="write",outcome="unreadable"} 0',
      'rows{mode="write",outcome="conflicted"} 0',
      'store_rows{mode="write",store="fast",outcome="current"} 1120',
      'store_rows{mode="write",store="fast",outcome="assigned"} 2041',
      'store_rows{mode="write",store="fast",outcome="replaced"} 60',
      'contradicting_rows{mode="write"} 0',
    ]);
  });

  it('of a dry run are labelled as such, and tell of nothing written', () => {
    const samples = samplesOf(render({ dryRun: true, counts: count({}) }));
    const [build, ...others] = samples;
    expect(build).toContain('build_info');
    for (const sample of others) expect(sample).toContain('{mode="dry-run"');
    expect(samples).toContain('last_run_written_rows{mode="dry-run"} 0');
    expect(samples).toContain('rows{mode="dry-run",outcome="assigned"} 2041');
  });

  it('tell no counts where nothing was counted', () => {
    const text = render({ exitCode: 75, isSuccess: false });
    expect(samplesOf(text).map((sample) => sample.split('{')[0])).toEqual([
      'build_info',
      'last_run_timestamp_seconds',
      'last_run_duration_seconds',
      'last_run_exit_code',
    ]);
  });

  it.each(['error', 'signal', 'max-count', 'run-time', 'throttle'] as const)(
    'of a table half read (%s) tell what was written, and no rows',
    (stoppedBy) => {
      const text = render({ exitCode: 5, isSuccess: false, counts: count({ stoppedBy }) });
      expect(text).toContain('last_run_written_rows{mode="write"} 2101\n');
      expect(text).not.toMatch(/backfill_(store_|contradicting_)?rows/);
    },
  );

  it('name the stores that no location can be given to', () => {
    const text = render({ counts: count({}, ['fast']) });
    expect(text).toContain('store_usable{mode="write",store="fast"} 0\n');
  });

  it.each([
    ['a"b', 'a\\"b'],
    ['a\\b', 'a\\\\b'],
    ['a\nb', 'a\\nb'],
    ['a\\nb', 'a\\\\nb'],
    ['a}b{ # TYPE', 'a}b{ # TYPE'],
    ['größe', 'größe'],
  ])('escape the store id %j', (id, escaped) => {
    const [store] = makeReport().stores;
    if (store === undefined) throw new Error('the report has no store');
    const text = render({ counts: count({ stores: [{ ...store, id }] }) });
    expect(text).toContain(`store="${escaped}"} 1\n`);
  });

  it('begin as the check of an existing file expects', () => {
    expect(render().startsWith(metricsStart)).toBe(true);
  });
});

describe('the last success', () => {
  const success = (text: string) =>
    samplesOf(text).filter((sample) => sample.startsWith('last_success'));
  const before = 'last_success_timestamp_seconds{mode="write"} 1795000000.5';
  const previous = `# HELP x y\nglance_store_backfill_${before}\n`;

  it('is now for a run that was one', () => {
    expect(success(render({ previous }))).toEqual([
      `last_success_timestamp_seconds{mode="write"} ${now}`,
    ]);
  });

  it('stays what it was for a run that was none', () => {
    expect(success(render({ exitCode: 5, isSuccess: false, previous }))).toEqual([before]);
    expect(success(render({ exitCode: 5, isSuccess: false }))).toEqual([]);
  });

  it('outlives any number of failures', () => {
    let text = render();
    for (let run = 0; run < 10; run++)
      text = render({ exitCode: 1, isSuccess: false, previous: text });
    expect(success(text)).toEqual([`last_success_timestamp_seconds{mode="write"} ${now}`]);
  });

  it('of a run that writes is none of a dry run', () => {
    expect(success(render({ dryRun: true, previous }))).toEqual([
      before,
      `last_success_timestamp_seconds{mode="dry-run"} ${now}`,
    ]);
  });

  it('is not read out of a file that holds something else', () => {
    const odd = previous.replace('1795000000.5', 'soon');
    expect(success(render({ exitCode: 1, isSuccess: false, previous: odd }))).toEqual([]);
  });
});
