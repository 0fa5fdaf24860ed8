import { expect, it } from 'vitest';
import { costsOf } from '../../../src/report/costs.ts';
import { Tally } from '../../../src/report/tally.ts';
import { makeLocation } from '../../support/locations.ts';

const url = 'rbd://f/old/i';
const open = { url, reason: 'r', nearestStore: null, deviation: null };

it('costs are the rows without an enabled store, before and after a run', () => {
  const tally = new Tally(['a']);
  const add = (decision: Parameters<Tally['add']>[1], rows: number): void => {
    tally.add(makeLocation(), decision, rows);
  };
  add({ kind: 'current', store: 'a', contradictedBy: null }, 1_000);
  add({ kind: 'assigned', url, store: 'a', metaData: '', deviation: null }, 1);
  add(
    { kind: 'replaced', url, store: 'a', previousStore: '"x"', metaData: '', deviation: null },
    10,
  );
  // Of a store that is enabled, with --include contradicting.
  add(
    { kind: 'replaced', url, store: 'b', previousStore: '"a"', metaData: '', deviation: null },
    500,
  );
  add({ kind: 'skipped', url, store: 'a', previousStore: '"x"' }, 20);
  add({ kind: 'unmatched', ...open, previousStore: null }, 2);
  add({ kind: 'unmatched', ...open, previousStore: '"x"' }, 40);
  add({ kind: 'ambiguous', url, stores: ['a', 'b'], previousStore: null, deviation: null }, 4);
  add({ kind: 'unreadable', reason: 'r' }, 10_000);
  expect(costsOf(tally)).toEqual({
    recomputedOnGet: { before: 77, after: 66 },
    absentFromImageList: { before: 7, after: 6 },
    searchedByScrubber: { before: 7, after: 6 },
  });
});
