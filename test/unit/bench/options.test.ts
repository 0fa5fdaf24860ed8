import { expect, test } from 'vitest';
import { readOptions } from '../../../bench/options.ts';

const known = { comparisons: ['a', 'b', 'c'], curve: ['small', 'large'] };

test('everything has a default, and nothing is left behind', () => {
  expect(readOptions([], known)).toEqual({
    ...{ rows: 1_000_000, runs: 5, curve: false, only: undefined, out: undefined },
  });
});

test('names are taken apart at commas', () => {
  expect(readOptions(['--only', 'a,b'], known).only).toEqual(['a', 'b']);
});

test.each([
  [['--only', 'x'], 'there is no x; there are a, b, c'],
  [['--curve', '--only', 'a'], '--only: there is no a; there are small, large'],
  [['--rows', '999'], '--rows takes a whole number of at least 1000, not 999'],
  [['--runs', 'many'], '--runs takes a whole number of at least 1, not many'],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args, known)).toThrow(message);
});
