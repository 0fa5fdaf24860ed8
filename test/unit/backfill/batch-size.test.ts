import { describe, expect, it } from 'vitest';
import { adaptiveBatchSize, fixedBatchSize } from '../../../src/backfill/batch-size.ts';

describe('batch size', () => {
  it('settles where a batch takes the target time', () => {
    const size = adaptiveBatchSize({ targetMs: 250, maxRows: Infinity });
    const msPerRow = 0.1;
    for (let batch = 0; batch < 20; batch++)
      size.committed(size.current(), size.current() * msPerRow);
    expect(size.current()).toBeGreaterThan(2_400);
    expect(size.current()).toBeLessThan(2_600);
  });

  it.each([
    ['a very slow server', 1_000, 50],
    ['a very fast server', 0.000_1, 5_000],
  ])('stays within bounds on %s', (_server, msPerRow, bound) => {
    const size = adaptiveBatchSize({ targetMs: 250, maxRows: Infinity });
    for (let batch = 0; batch < 30; batch++)
      size.committed(size.current(), size.current() * msPerRow);
    expect(size.current()).toBe(bound);
  });

  it('keeps to what a Galera cluster lets one transaction change', () => {
    const size = adaptiveBatchSize({ targetMs: 250, maxRows: 300 });
    expect(size.current()).toBe(300);
    size.committed(300, 1);
    expect(size.current()).toBe(300);
  });

  it('is halved at most by one slow batch', () => {
    const size = adaptiveBatchSize({ targetMs: 250, maxRows: Infinity });
    const before = size.current();
    size.committed(before, 60_000);
    expect(size.current()).toBe(before / 2);
  });

  it('learns nothing from a short last batch', () => {
    const size = adaptiveBatchSize({ targetMs: 250, maxRows: Infinity });
    const before = size.current();
    size.committed(3, 1);
    expect(size.current()).toBe(before);
  });

  it('shrinks when only a part of a batch takes too long', () => {
    const size = adaptiveBatchSize({ targetMs: 250, maxRows: Infinity });
    size.committed(490, 400);
    expect(size.current()).toBe(625);
  });

  it('is halved by a batch that was rolled back, and grows again with those that are not', () => {
    const size = adaptiveBatchSize({ targetMs: 250, maxRows: Infinity });
    size.rolledBack(1_000);
    expect(size.current()).toBe(500);
    size.committed(500, 1);
    expect(size.current()).toBe(750);
  });
});

describe('a batch size that the operator fixed', () => {
  it('does not heed how long a batch takes', () => {
    const size = fixedBatchSize(10);
    size.committed(10, 60_000);
    size.committed(10, 1);
    expect(size.current()).toBe(10);
  });

  it('is halved by a batch that was rolled back, down to one row', () => {
    const size = fixedBatchSize(10);
    const sizes = Array.from({ length: 5 }, () => {
      size.rolledBack(size.current());
      return size.current();
    });
    expect(sizes).toEqual([5, 3, 2, 1, 1]);
  });

  it('is not halved again by the halves of the batch', () => {
    const size = fixedBatchSize(100);
    size.rolledBack(100);
    size.rolledBack(20);
    expect(size.current()).toBe(50);
  });

  it('comes back to what it was, and no further', () => {
    const size = fixedBatchSize(10);
    for (let batch = 0; batch < 4; batch++) size.rolledBack(size.current());
    const sizes = Array.from({ length: 11 }, () => {
      size.committed(size.current(), 1);
      return size.current();
    });
    expect(sizes).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]);
  });
});
