import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactly } from '../../../../src/database/dialects/id-ranges.ts';

/** Whether an id fulfils one of the conditions that `exactly` gives. */
function fulfils(condition: string, id: number): boolean {
  const listed = (list: string) => list.split(', ').map(Number).includes(id);
  const [, only] = /^id IN \(([\d, ]+)\)$/.exec(condition) ?? [];
  if (only !== undefined) return listed(only);
  const found = /^id BETWEEN (\d+) AND (\d+)(?: AND id NOT IN \(([\d, ]+)\))?$/.exec(condition);
  if (found === null) throw new Error(`what is ${condition}?`);
  const [, first, last, gaps] = found;
  return id >= Number(first) && id <= Number(last) && !(gaps !== undefined && listed(gaps));
}

describe('the condition for exactly these rows', () => {
  it('is a range where they follow each other', () => {
    expect(exactly([3, 4, 2])).toBe('id BETWEEN 2 AND 4');
    expect(exactly([7])).toBe('id BETWEEN 7 AND 7');
  });

  it('leaves out those between that are not among them', () => {
    expect(exactly([1, 2, 4, 5, 8])).toBe('id BETWEEN 1 AND 8 AND id NOT IN (3, 6, 7)');
  });

  it('is a list where they are far from each other', () => {
    expect(exactly([10, 9_007_199_254_740_991, 2])).toBe('id IN (2, 10, 9007199254740991)');
    expect(exactly([1, 4, 7, 10])).toBe('id IN (1, 4, 7, 10)');
  });

  it('holds for them and no other, always', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(ids, (some) => {
        const condition = exactly(some);
        for (let id = 0; id <= 61; id++) expect(fulfils(condition, id)).toBe(some.includes(id));
      }),
    );
  });
});
