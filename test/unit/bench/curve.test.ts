import { expect, test } from 'vitest';
import { curveCases, curveCloud, selectCurveRows } from '../../../bench/curve-table.ts';
import { curveSizes } from '../../../bench/curve.ts';
import { matcherOf } from '../../support/conf-stores.ts';

test('a curve goes through the sizes up to the largest', () => {
  expect(curveSizes(1_000_000)).toEqual([10_000, 100_000, 1_000_000]);
  expect(curveSizes(2000)).toEqual([2000]);
});

test.each(curveCases)('the configuration of $name claims the rows of its last store', (shape) => {
  const last = `s${shape.stores - 1}`;
  const matcher = matcherOf(curveCloud(shape).conf('sqlite:///glance', ''));
  const imageId = '1d5f0000-aaaa-4bbb-8ccc-000000000001';
  expect(matcher(`file:///srv/${last}/${imageId}`, imageId)).toMatchObject({
    ...{ kind: 'one', store: last },
  });
});

test('a size that the text cannot have is refused', () => {
  const [shape] = curveCases;
  if (shape === undefined) throw new Error('no case');
  expect(() => selectCurveRows('numbers', { ...shape, metaDataBytes: 40 })).toThrow('40 bytes');
});
