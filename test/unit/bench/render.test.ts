import { describe, expect, test } from 'vitest';
import { type BenchResult, ratioOf, renderCurve, renderMarkdown } from '../../../bench/render.ts';

const mebibyte = 1024 * 1024;
const result: BenchResult = {
  versions: { node: 'v20.1.0' },
  rows: 1000,
  runs: 3,
  comparisons: [
    {
      name: 'backfill',
      bed: 'mariadb',
      rivalName: 'one UPDATE',
      limits: { goal: 0.7, must: 1.1 },
      tool: [3, 1, 2].map((seconds) => ({
        ...{ seconds, purgedSeconds: 2 * seconds, rows: 1000, cpuSeconds: 0.5 },
        peakBytes: seconds * mebibyte,
      })),
      rival: [2, 2, 4].map((seconds) => ({ seconds, rows: 1000 })),
    },
  ],
  memory: [
    { rows: 100, peakBytes: 100 * mebibyte },
    { rows: 1000, peakBytes: 115 * mebibyte },
    { rows: 10_000, peakBytes: 116 * mebibyte },
  ],
  notes: ['Left out.'],
};

describe('the Markdown', () => {
  const lines = renderMarkdown(result).split('\n');

  test('has medians with their spread, the ratio and the verdict', () => {
    expect(lines).toContain(
      '| backfill | mariadb | 2.00 s (1.00–3.00) | 4.00 s | 500 | 0.50 s | 3 MiB' +
        ' | one UPDATE | 2.00 s (2.00–4.00) | – | 500 | 1.00 | 0.7, 1.1 | must |',
    );
  });

  test('holds memory against its growth', () => {
    expect(lines).toContain('| 1,000 rows | 115 MiB | 15 MiB | must |');
    expect(lines).toContain('| 10,000 rows | 116 MiB | 16 MiB | missed |');
  });

  test('says what it was measured on', () => {
    expect(lines).toContain('- node: v20.1.0');
  });

  test('says what was left out', () => {
    expect(lines).toContain('Left out.');
  });

  test('shows what little a fast run costs, and no purge of which one run knows nothing', () => {
    const [usual] = result.comparisons;
    if (usual === undefined) throw new Error('no comparison');
    const rival = [
      { seconds: 1000, rows: 1000, purgedSeconds: 1001 },
      { seconds: 1000, rows: 1000 },
    ];
    expect(renderMarkdown({ ...result, comparisons: [{ ...usual, rival }] })).toContain(
      '| 1000.00 s (1000.00–1000.00) | – | 1 | 0.0020 |',
    );
  });
});

test('a rival that does with fewer rows is compared by the row', () => {
  const tool = [{ seconds: 1, rows: 1000 }];
  expect(ratioOf({ tool, rival: [{ seconds: 1, rows: 100 }] })).toBeCloseTo(0.1);
});

test('where rows have no part, seconds are compared', () => {
  const tool = [{ seconds: 3, rows: 0 }];
  expect(ratioOf({ tool, rival: [{ seconds: 1, rows: 0 }] })).toBe(3);
});

test('a cost curve has a line for each case and size', () => {
  const point = {
    ...{ name: '2-stores', rows: 10_000 },
    dryRun: [{ seconds: 0.5, rows: 10_000, peakBytes: 60 * mebibyte }],
    backfill: [{ seconds: 1, rows: 10_000, peakBytes: 90 * mebibyte }],
  };
  const markdown = renderCurve({ versions: { node: 'v20.1.0' }, runs: 1, points: [point] });
  expect(markdown).toContain(
    '\n| 2-stores | 10,000 | 0.50 s (0.50–0.50) | 20,000 | 60 MiB | 1.00 s (1.00–1.00) | 10,000 | 90 MiB |\n',
  );
  expect(markdown).toContain('- node: v20.1.0');
});
