import type { BackfillReport, StoreReport } from '../../src/report/report.ts';
import { makeReport } from './reports.ts';

const example = { locationId: 17, imageId: '7fe85c07-d277-45a9-ae3a-a873ddc49b04' };

function makeStores(count: number): StoreReport[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index % 3 === 1 ? `store-${index}-`.padEnd(60, 'x') : `store-${index}`,
    type: 'rbd',
    urlPrefix: `rbd://11111111-2222-3333-4444-555555555555/pool-${index}/`,
    error: null,
    current: index * 1_234,
    assigned: (count - index) * 98_765,
    replaced: index * 17,
  }));
}

const groups: Partial<BackfillReport> = {
  ambiguous: [{ stores: ['a', 'b'], count: 3, example }],
  unreadable: [{ reason: 'meta_data is a list', count: 2, example }],
  replacements: [{ previousStore: '"old-ceph"', store: 'store-0', count: 60, example }],
  contradicting: [{ store: 'store-0', matchingStore: 'store-1', count: 14, example }],
  deviationsFromGlance: [
    { rule: 'path-boundary', glanceStore: 'a', store: 'b', count: 230, example },
    { rule: '(others)', glanceStore: null, store: null, count: 4, example: null },
  ],
};

const { rows, costs } = makeReport();
const none = { before: 0, after: 0 };

/** What tries to be more than text: markup, quotes, control and direction characters, 4-byte ones, and great length. */
export const hostile =
  `</style></title><script>document.title='owned'</script><img src=http://evil.test/x onerror=alert(1)>"'&amp;` +
  `\u0000\u001b[31m\u202egnp.exe\u2066\ud83d\ude00\ud83d${'long'.repeat(300)}`;

/** Reports of every size, and one of nothing but hostile values. */
export const boardReports: Readonly<Record<string, BackfillReport>> = {
  'three-stores': makeReport({ ...groups, stores: makeStores(3) }),
  'sixty-stores': makeReport({
    ...groups,
    stores: makeStores(60),
    dryRun: false,
    journal: "/var/lib/glance's/2026-11-22T16-20-00Z-4711.ndjson",
    stoppedBy: 'max-count',
    stoppedAt: { locationId: 1_204, lastLocationId: 3_421 },
    exitCode: 5,
  }),
  'no-rows': makeReport({
    stores: makeStores(3).map((store) => ({ ...store, current: 0, assigned: 0, replaced: 0 })),
    unmatched: [],
    rows: { ...rows, examined: 0, current: 0, assigned: 0, replaced: 0, unmatched: 0 },
    costs: { ...costs, recomputedOnGet: none, absentFromImageList: none, searchedByScrubber: none },
    rowsPerSecond: 0,
  }),
  'huge-numbers': makeReport({
    rows: { ...rows, examined: 1_234_567_890, assigned: 1_234_567_890, unmatched: 123_456_789 },
    costs: {
      ...costs,
      recomputedOnGet: { before: 1_234_567_890, after: 123_456_789 },
    },
    stores: makeStores(3).map((store) => ({
      ...store,
      current: 1_234_567_890,
      assigned: 1_234_567_890,
      replaced: 123_456_789,
    })),
  }),
  hostile: makeReport({
    dryRun: false,
    database: { dialect: 'mysql', server: hostile, name: hostile },
    journal: hostile,
    stores: [
      {
        id: hostile,
        type: hostile,
        urlPrefix: hostile,
        error: hostile,
        current: 1,
        assigned: 1,
        replaced: 1,
      },
    ],
    unmatched: [
      {
        shape: hostile,
        reason: hostile,
        nearestStore: hostile,
        remedy: hostile,
        count: 1,
        example: { locationId: 1, imageId: hostile },
      },
    ],
    ambiguous: [{ stores: [hostile, 'b'], count: 3, example }],
    unreadable: [{ reason: hostile, count: 2, example }],
    replacements: [{ previousStore: hostile, store: hostile, count: 60, example }],
    contradicting: [{ store: hostile, matchingStore: hostile, count: 14, example }],
    deviationsFromGlance: [
      { rule: 'credentials', glanceStore: hostile, store: hostile, count: 1, example },
    ],
  }),
};
