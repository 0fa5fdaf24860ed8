import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberRows } from '../../../../src/database/dialects/numbered-rows.ts';

const number = (groups: readonly (readonly number[])[]) =>
  numberRows(groups, (hex, position) => `byte ${position} of ${hex}`);

const listed = (list: string, id: number) => list.split(', ').map(Number).includes(id);

function fulfils(condition: string, id: number): boolean {
  const [, list] = /^id IN \(([\d, ]+)\)$/.exec(condition) ?? [];
  if (list !== undefined) return listed(list, id);
  const [, first, last] = /^id BETWEEN (\d+) AND (\d+)$/.exec(condition) ?? [];
  if (first === undefined) throw new Error(`what is ${condition}?`);
  return id >= Number(first) && id <= Number(last);
}

function evaluate(expression: string, id: number): number {
  const [, first, hex = ''] = /^-byte id-(\d+) of ([\da-f]+)$/.exec(expression) ?? [];
  if (first !== undefined) return -(Buffer.from(hex, 'hex')[id - Number(first)] ?? NaN);
  for (const [, list = '', result] of expression.matchAll(
    /WHEN id IN \(([\d, ]+)\) THEN (-\d+)/g,
  )) {
    if (listed(list, id)) return Number(result);
  }
  expect(expression).toMatch(/^-1$|^CASE .* ELSE -1 END$/);
  return -1;
}

describe('the rows of a statement', () => {
  it('are a range where they follow each other', () => {
    expect(number([[3, 4, 2]])).toEqual({ condition: 'id BETWEEN 2 AND 4', number: '-1' });
    expect(number([[7]])).toEqual({ condition: 'id BETWEEN 7 AND 7', number: '-1' });
  });

  it('are told from those between them, and from each other, by a byte for each id', () => {
    expect(number([[1, 2, 8], [5]])).toEqual({
      condition: 'id BETWEEN 1 AND 8',
      number: '-byte id-1 of 0101000002000001',
    });
  });

  it('are a list where they are far from each other', () => {
    const far = [[10, 9_007_199_254_740_991], [2]];
    expect(number(far)).toEqual({
      condition: 'id IN (2, 10, 9007199254740991)',
      number: 'CASE WHEN id IN (2) THEN -2 ELSE -1 END',
    });
    expect(number([[1, 6]]).condition).toBe('id BETWEEN 1 AND 6');
    expect(number([[1, 9]]).condition).toBe('id IN (1, 9)');
  });

  it('and their groups are told from all others, always', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 5 }), (some, count) => {
        const groups = Array.from({ length: count }, (_, at) =>
          some.filter((id) => id % count === at),
        );
        const rows = number(groups);
        for (let id = 1; id <= 91; id++) {
          const group = groups.findIndex((each) => each.includes(id));
          const isTaken = fulfils(rows.condition, id) && evaluate(rows.number, id) < 0;
          expect(isTaken).toBe(group >= 0);
          if (isTaken) expect(evaluate(rows.number, id)).toBe(-1 - group);
        }
      }),
    );
  });
});
