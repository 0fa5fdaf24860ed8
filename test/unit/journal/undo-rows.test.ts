import { describe, expect, it } from 'vitest';
import type { BatchPlan } from '../../../src/journal/entries.ts';
import {
  type CurrentRow,
  decideUndo,
  type JournaledRow,
  rowsToUndo,
} from '../../../src/journal/undo-rows.ts';

const updatedAt = '2026-11-22 16:20:01';
const later = '2026-11-23 09:00:00';
const ours = '{"store": "fast"}';

const written: JournaledRow = { id: 7, old: '{}', new: ours, updatedAt, outcome: 'written' };
const untouched: CurrentRow = {
  id: 7,
  metaData: ours,
  updatedAt,
  status: 'active',
  deleted: false,
};

/** `restore`, or why not. */
function verdict(row: JournaledRow, now: CurrentRow | undefined): string {
  const [decision] = decideUndo([row], now === undefined ? [] : [now]);
  return decision?.kind === 'left-alone' ? decision.reason : String(decision?.kind);
}

const savedAgain = 'saved again since, with the same meta_data';
const restoredAlready = 'holds its old meta_data already';
const notWritten = 'not written, or put back already';

describe('undoing a row', () => {
  it.each<[string, Partial<JournaledRow>, Partial<CurrentRow> | undefined, string]>([
    // what undo puts back
    ['bears our text and our time', {}, {}, 'restore'],
    ['had NULL', { old: null }, {}, 'restore'],
    ['had an empty text', { old: '' }, {}, 'restore'],
    ['was set to NULL by an undo', { old: ours, new: null }, { metaData: null }, 'restore'],
    ['has an unknown outcome, our text and our time', { outcome: 'unknown' }, {}, 'restore'],
    [
      'waited for the scrubber then and now',
      {},
      { status: 'pending_delete', deleted: true },
      'restore',
    ],
    ['waits for the scrubber undeleted', {}, { status: 'pending_delete' }, 'restore'],
    // what it leaves alone
    ['is not there any more', {}, undefined, 'removed since'],
    [
      'was deleted later',
      {},
      { status: 'deleted', deleted: true, updatedAt: later },
      'deleted since',
    ],
    ['was deleted in the same second', {}, { status: 'deleted', deleted: true }, 'deleted since'],
    ['says deleted and bears no mark', {}, { status: 'deleted' }, 'deleted since'],
    ['is deleted and still says active', {}, { deleted: true }, 'deleted since'],
    [
      'came to wait for the scrubber',
      {},
      { status: 'pending_delete', deleted: true, updatedAt: later },
      'deleted since',
    ],
    ['was given another text', {}, { metaData: '{"store": "slow"}' }, 'changed since'],
    [
      'was given another text later',
      {},
      { metaData: '{"x": 1}', updatedAt: later },
      'changed since',
    ],
    ['differs from our text by a blank', {}, { metaData: '{"store":"fast"}' }, 'changed since'],
    ['was emptied', { old: null }, { metaData: '' }, 'changed since'],
    ['was given {} where NULL was', { old: null }, { metaData: '{}' }, 'changed since'],
    ['was given NULL where {} was', {}, { metaData: null }, 'changed since'],
    ['was given an empty text where {} was', {}, { metaData: '' }, 'changed since'],
    ['was saved with our text later', {}, { updatedAt: later }, savedAgain],
    ['has no time', {}, { updatedAt: null }, savedAgain],
    ['was saved in our second, with a fraction', {}, { updatedAt: `${updatedAt}.25` }, savedAgain],
    ['was undone before', {}, { metaData: '{}', updatedAt: later }, restoredAlready],
    [
      'was undone before, while it waited for the scrubber',
      {},
      { metaData: '{}', updatedAt: later, status: 'pending_delete', deleted: true },
      restoredAlready,
    ],
    ['was undone before, to NULL', { old: null }, { metaData: null }, restoredAlready],
    [
      'has an unknown outcome and its old text',
      { outcome: 'unknown' },
      { metaData: '{}', updatedAt: later },
      notWritten,
    ],
    [
      'has an unknown outcome and another text',
      { outcome: 'unknown' },
      { metaData: '{"store": "slow"}' },
      'changed since',
    ],
    [
      'has an unknown outcome and our text from another time',
      { outcome: 'unknown' },
      { updatedAt: later },
      savedAgain,
    ],
  ])('that %s', (_what, row, now, expected) => {
    const current = now === undefined ? undefined : { ...untouched, ...now };
    expect(verdict({ ...written, ...row }, current)).toBe(expected);
  });

  it('takes each row by its own id, whatever order the database gives them in', () => {
    const rows = [written, { ...written, id: 8 }, { ...written, id: 9 }];
    const locked = [
      { ...untouched, id: 9 },
      { ...untouched, id: 7, metaData: 'other' },
    ];
    expect(decideUndo(rows, locked)).toEqual([
      { kind: 'left-alone', row: rows[0], reason: 'changed since' },
      { kind: 'left-alone', row: rows[1], reason: 'removed since' },
      { kind: 'restore', row: rows[2] },
    ]);
  });
});

describe("undo's business in a batch", () => {
  const plan: BatchPlan = {
    batch: 1,
    updatedAt,
    changes: [
      { old: null, new: ours, ids: [1, 2] },
      { old: '', new: ours, ids: [3] },
    ],
  };
  const row = (id: number, old: string | null, outcome: 'written' | 'unknown' = 'written') => ({
    id,
    old,
    new: ours,
    updatedAt,
    outcome,
  });

  it.each([
    ['every row of one written whole', 'all', [row(1, null), row(2, null), row(3, '')]],
    ['no row of one rolled back', 'none', []],
    ['the rows written of one written in part', [3, 1], [row(1, null), row(3, '')]],
    [
      'every row of one nobody knows about',
      'unknown',
      [row(1, null, 'unknown'), row(2, null, 'unknown'), row(3, '', 'unknown')],
    ],
  ] as const)('is %s', (_what, outcome, expected) => {
    expect(rowsToUndo({ kind: 'batch', plan, written: outcome })).toEqual(expected);
  });
});
