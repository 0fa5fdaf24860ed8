import { expect, it } from 'vitest';
import type { BatchSize } from '../../../src/backfill/batch-size.ts';
import { createBatches } from '../../../src/backfill/batches.ts';
import type { Throttle } from '../../../src/backfill/throttle.ts';
import { noThrottle } from '../../support/no-throttle.ts';

const nothing = () => undefined;

/** Batches of texts, the lengths of which are what counts; `written` gets what each batch held. */
function gather(current: () => number, throttle: Throttle = noThrottle) {
  const batchSize: BatchSize = { current, committed: nothing, rolledBack: nothing };
  const written: (readonly string[])[] = [];
  const batches = createBatches<string>(
    { batchSize, writers: 1, stop: new AbortController().signal, throttle },
    {
      textLength: (text) => text.length,
      write: (batch) => {
        written.push(batch);
        return Promise.resolve();
      },
    },
  );
  return { batches, written };
}

it('a batch holds as many rows as its turn in the rate was asked for, though the size grows meanwhile', async () => {
  let size = 2;
  const asked: number[] = [];
  const { batches, written } = gather(() => size, {
    ...noThrottle,
    passRows: (rows) => {
      asked.push(rows);
      size += 1;
      return Promise.resolve();
    },
  });
  await batches.add(['1', '2', '3', '4', '5', '6', '7']);
  expect(await batches.finish()).toEqual([]);
  expect(written.map(({ length }) => length)).toEqual([2, 3, 2]);
  expect(asked).toEqual(written.map(({ length }) => length));
});

it('rows of long texts go out in shorter batches, as soon as there is one', async () => {
  const long = 'x'.repeat(900_000);
  const { batches, written } = gather(() => 100);
  await batches.add([long, long]);
  expect(written).toHaveLength(0);
  await batches.add([long, 'short', long]);
  expect(written.map(lengths)).toEqual([[900_000, 900_000]]);
  expect(await batches.finish()).toHaveLength(0);
  expect(written.slice(1).map(lengths)).toEqual([[900_000, 5, 900_000]]);
});

it('a row that is longer than a batch may be has one to itself', async () => {
  const { batches, written } = gather(() => 100);
  await batches.add(['short', 'x'.repeat(3_000_000), 'short']);
  await batches.finish();
  expect(written.map(lengths)).toEqual([[5], [3_000_000], [5]]);
});

/** Failing tests are not to print such texts. */
function lengths(texts: readonly string[]): number[] {
  return texts.map(({ length }) => length);
}
