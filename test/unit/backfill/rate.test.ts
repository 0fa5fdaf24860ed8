import { describe, expect, it } from 'vitest';
import { fixedBatchSize } from '../../../src/backfill/batch-size.ts';
import { createRate, cutToRate } from '../../../src/backfill/rate.ts';

/** Writes batch after batch as the rate has it, each in no time; tells the rows written by each moment (ms). */
function write(rowsPerSecond: number, batches: number, pauses: ReadonlyMap<number, number>) {
  const rate = createRate(rowsPerSecond, 0);
  let [now, written] = [0, 0];
  return Array.from({ length: batches }, (_, index) => {
    now += pauses.get(index) ?? 0;
    now += rate.reserve(rate.largestBatch, now);
    written += rate.largestBatch;
    return { now, written };
  });
}

describe('the rate', () => {
  it.each([1, 3, 100, 12_345])('of %i rows a second is never exceeded on average', (rows) => {
    for (const { now, written } of write(rows, 40, new Map([[7, 5_000]]))) {
      expect(written).toBeLessThanOrEqual((rows * now) / 1000 + 1e-6);
    }
  });

  it('is kept up where nothing else holds the run back', () => {
    const last = write(100, 40, new Map()).at(-1);
    expect(last).toEqual({ now: 10_000, written: 1_000 });
  });

  it('makes good for a pause with no more than a second of its rows', () => {
    const moments = write(100, 40, new Map([[4, 600_000]]));
    const [before, later] = [moments[3], moments[39]];
    const rows = (later?.written ?? 0) - (before?.written ?? 0);
    const seconds = ((later?.now ?? 0) - (before?.now ?? 0) - 600_000) / 1000;
    expect(rows).toBe(900);
    expect(seconds).toBe(8);
  });

  it('has a batch wait its turn behind the one before it', () => {
    const rate = createRate(100, 0);
    expect([rate.reserve(25, 0), rate.reserve(25, 0)]).toEqual([250, 500]);
  });

  it('cuts batches to a quarter second of its rows, and to one at least', () => {
    expect(cutToRate(fixedBatchSize(5_000), createRate(1_000, 0)).current()).toBe(250);
    expect(cutToRate(fixedBatchSize(100), createRate(1_000, 0)).current()).toBe(100);
    expect(cutToRate(fixedBatchSize(100), createRate(1, 0)).current()).toBe(1);
    expect(cutToRate(fixedBatchSize(5_000), undefined).current()).toBe(5_000);
  });
});
