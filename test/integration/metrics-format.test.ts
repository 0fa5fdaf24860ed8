import { describe, expect, it } from 'vitest';
import { type MetricsFacts, renderMetrics } from '../../src/report/metrics.ts';
import { runProgram } from '../support/programs.ts';
import { makeReport } from '../support/reports.ts';

const facts: MetricsFacts = {
  ...{
    version: '1.2.3',
    dryRun: false,
    finishedAt: new Date(),
    seconds: 90.25,
    exitCode: 0,
    isSuccess: true,
  },
  ...{ counts: undefined, previous: '' },
};

/** What a run counted whose only store has this id. */
function countsOf(id: string, stoppedBy: 'run-time' | null = null): MetricsFacts['counts'] {
  const [store] = makeReport().stores;
  if (store === undefined) throw new Error('the report has no store');
  return { report: makeReport({ stoppedBy, stores: [{ ...store, id }] }), unusableStores: [] };
}

function check(text: string) {
  return runProgram('promtool', ['check', 'metrics'], text);
}

const faultless = { code: 0, output: '' };

describe("Prometheus' own promtool finds no fault with the metrics", () => {
  it.each([
    ['of a run', { counts: countsOf('fast') }],
    ['of a dry run', { dryRun: true, counts: countsOf('fast') }],
    ['of a run that did not begin', { exitCode: 75, isSuccess: false }],
    [
      'of a run that was stopped',
      { exitCode: 5, isSuccess: false, counts: countsOf('fast', 'run-time') },
    ],
    [
      'of a failure after a success',
      { exitCode: 1, isSuccess: false, previous: renderMetrics(facts) },
    ],
    [
      'of a cloud without a store',
      { counts: { report: makeReport({ stores: [] }), unusableStores: [] } },
    ],
  ])('%s', (_what, differences) => {
    expect(check(renderMetrics({ ...facts, ...differences }))).toEqual(faultless);
  });

  it.each([
    'a"b',
    'a\\b',
    'a\\',
    'a\nb',
    'a\r\nb',
    'a}b{ # TYPE',
    'größe',
    '\u2028',
    '\ud800',
    '😀',
  ])('with the store id %j', (id) => {
    expect(check(renderMetrics({ ...facts, counts: countsOf(id) }))).toEqual(faultless);
  });

  it('and would find one', () => {
    const text = renderMetrics({ ...facts, counts: countsOf('fast') });
    expect(check(text.replaceAll(/# HELP .*\n/g, '')).code).not.toBe(0);
    expect(check(text.replaceAll('"', '')).code).not.toBe(0);
  });
});
