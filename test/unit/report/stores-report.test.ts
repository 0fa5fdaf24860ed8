import { expect, it } from 'vitest';
import type { ContradictingPair } from '../../../src/locations/label-verdict.ts';
import { renderStoresTable } from '../../../src/report/stores-report.ts';
import { plain } from '../../support/reports.ts';

function pairOf(store: string, count: number): ContradictingPair {
  return { store, matchingStore: 'local', count, example: { locationId: 7, imageId: 'i' } };
}

/** What is said of a database with these contradicting labels, fewer than would refuse a run. */
function databaseLines(pairs: readonly ContradictingPair[]): readonly string[] {
  const contradicting = pairs.reduce((sum, { count }) => sum + count, 0);
  const table = renderStoresTable(
    {
      ...{ schema: 'glance-store-backfill/stores@1', stores: [], overlaps: [], comparisons: [] },
      database: {
        ...{ server: 'MariaDB 10.11.19', name: 'glance', error: null, refusals: [] },
        labels: {
          ...{ sampled: 10_000, labelled: 5_000, notEnabled: 0, maxContradictions: 1 },
          ...{ contradicting, pairs },
        },
      },
    },
    plain,
  );
  const lines = table.split('\n');
  return lines.slice(lines.indexOf('Database') + 2, -1);
}

it('names the stores whose labels contradict, also where they are few', () => {
  expect(databaseLines([pairOf('ceph', 12), pairOf('s3', 1)])).toEqual([
    '  4,987 of 5,000 labels agree with the stores, in a sample of 10,000 rows',
    '    12 rows name ceph, though the URL lies in local (such as location 7)',
    '    1 row names s3, though the URL lies in local (such as location 7)',
    '  a run may write to it',
  ]);
});

it('names four of them, and says that there are more', () => {
  const many = ['a', 'b', 'c', 'd', 'e'].map((store) => pairOf(store, 1));
  expect(databaseLines(many).slice(4)).toEqual([
    '    1 row names d, though the URL lies in local (such as location 7)',
    '    …',
    '  a run may write to it',
  ]);
});
