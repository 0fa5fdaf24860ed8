import { expect, it } from 'vitest';
import { createBatches } from '../../../src/backfill/batches.ts';

const nothing = () => undefined;

it('a batch holds as many rows as its turn in the rate was asked for, though the size grows meanwhile', async () => {
  let size = 2;
  const asked: number[] = [];
  const written: number[] = [];
  const batches = createBatches<number>(
    {
      batchSize: { current: () => size, committed: nothing, rolledBack: nothing },
      writers: 1,
      stop: new AbortController().signal,
      throttle: {
        pass: () => Promise.resolve(),
        passRows: (rows) => {
          asked.push(rows);
          size += 1;
          return Promise.resolve();
        },
      },
    },
    (batch) => {
      written.push(batch.length);
      return Promise.resolve();
    },
  );
  await batches.add([1, 2, 3, 4, 5, 6, 7]);
  expect(await batches.finish()).toEqual([]);
  expect(written).toEqual([2, 3, 2]);
  expect(asked).toEqual(written);
});
