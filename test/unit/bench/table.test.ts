import { expect, test } from 'vitest';
import {
  benchCephConf,
  benchConf,
  benchStores,
  countRows,
  countRowsAfter,
} from '../../../bench/table.ts';
import { matcherOf } from '../../support/conf-stores.ts';

test.each([1000, 1001, 1099, 1150])('of %i rows every one is counted once', (rows) => {
  const kinds = { current: 0, assigned: 0, unmatched: 0 };
  for (let n = 1; n <= rows; n += 1) {
    kinds[n % 100 === 0 ? 'current' : n % 100 === 1 ? 'unmatched' : 'assigned'] += 1;
  }
  expect(countRows(rows)).toEqual({ examined: rows, ...kinds });
});

test('a second run finds what the first one wrote current', () => {
  expect(countRowsAfter(1000)).toEqual({
    examined: 1000,
    current: 990,
    assigned: 0,
    unmatched: 10,
  });
});

test.each(benchStores)('the configuration claims the rows of $id', ({ id, prefix, suffix }) => {
  const imageId = '1d5f0000-aaaa-4bbb-8ccc-000000000001';
  const matcher = matcherOf(benchConf('sqlite:///glance', 'ceph.conf'), {
    files: { 'ceph.conf': benchCephConf },
  });
  expect(matcher(`${prefix}${imageId}${suffix}`, imageId)).toMatchObject({
    kind: 'one',
    store: id,
  });
});
