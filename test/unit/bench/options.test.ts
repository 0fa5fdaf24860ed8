import { expect, test } from 'vitest';
import { readOptions } from '../../../bench/options.ts';

test('everything has a default, and nothing is left behind', () => {
  expect(readOptions([], [])).toEqual({
    ...{ rows: 1_000_000, runs: 5, only: undefined, out: undefined },
  });
});

test('names are taken apart at commas', () => {
  expect(readOptions(['--only', 'a,b'], ['a', 'b', 'c']).only).toEqual(['a', 'b']);
});

test.each([
  [['--only', 'x'], 'there is no x; there are a'],
  [['--rows', '999'], '--rows takes a whole number of at least 1000, not 999'],
  [['--runs', 'many'], '--runs takes a whole number of at least 1, not many'],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args, ['a'])).toThrow(message);
});
