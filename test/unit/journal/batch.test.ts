import { describe, expect, it } from 'vitest';
import { planBatch, settleBatch } from '../../../src/journal/batch.ts';
import { makePlan } from './samples.ts';

const stamp = { batch: 4, updatedAt: new Date('2026-11-22T16:20:01.987Z') };

describe('planning a batch', () => {
  it('groups rows by old and new text, in the order they come', () => {
    const plan = planBatch(stamp, [
      { id: 9, old: '{}', new: 'a' },
      { id: 2, old: 'x', new: 'a' },
      { id: 5, old: '{}', new: 'a' },
      { id: 7, old: '{}', new: 'b' },
    ]);
    expect(plan).toEqual({
      batch: 4,
      updatedAt: '2026-11-22 16:20:01',
      changes: [
        { old: '{}', new: 'a', ids: [9, 5] },
        { old: 'x', new: 'a', ids: [2] },
        { old: '{}', new: 'b', ids: [7] },
      ],
    });
  });

  it('keeps NULL, the empty text, {} and the word null apart', () => {
    const olds = [null, '', '{}', 'null', 'null,"a"'];
    const { changes } = planBatch(
      stamp,
      olds.map((old, index) => ({ id: index + 1, old, new: 'a' })),
    );
    expect(changes.map(({ old }) => old)).toEqual(olds);
  });

  it('takes NULL as a new text, for an undo', () => {
    expect(planBatch(stamp, [{ id: 1, old: 'a', new: null }]).changes[0]?.new).toBeNull();
  });
});

describe('the outcome of a batch', () => {
  it.each([
    ['all', [3, 1, 2], 'all'],
    ['none', [], 'none'],
    ['these', [3, 1], [1, 3]],
    ['none', [99], 'none'],
  ] as const)('is %s when %j were written', (_word, written, expected) => {
    expect(settleBatch(makePlan(4, [1, 2, 3]), written)).toEqual({ batch: 4, written: expected });
  });
});
