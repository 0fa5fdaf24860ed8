import { describe, expect, test } from 'vitest';
import { spreadOf, verdictOf } from '../../../bench/statistics.ts';

describe('the spread of figures', () => {
  test('of an odd count has the middle one', () => {
    expect(spreadOf([10, 9, 2])).toEqual({ min: 2, median: 9, max: 10 });
  });

  test('of an even count has the mean of the middle two', () => {
    expect(spreadOf([4, 1, 100, 2])).toEqual({ min: 1, median: 3, max: 100 });
  });

  test('needs figures', () => {
    expect(() => spreadOf([])).toThrow('no figures');
  });
});

test('a verdict names the best limit that is kept, the limit itself included', () => {
  const limits = { goal: 0.7, must: 1.1 };
  expect([0.7, 0.71, 1.1, 1.11].map((figure) => verdictOf(figure, limits))).toEqual([
    ...['goal', 'must', 'must', 'missed'],
  ]);
  expect(verdictOf(5, undefined)).toBe('informative');
});
