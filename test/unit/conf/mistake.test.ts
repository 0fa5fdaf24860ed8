import { expect, it } from 'vitest';
import { ConfError, renderMistake, type Mistake } from '../../../src/conf/mistake.ts';

const mistake: Mistake = {
  origin: { kind: 'file', file: 'glance-api.conf', line: 42 },
  option: '[ceph] rbd_store_pool',
  problem: 'is empty',
  remedy: 'name the pool',
};

it.each<[Partial<Mistake>, string]>([
  [{}, 'glance-api.conf:42: [ceph] rbd_store_pool: is empty; name the pool'],
  [
    { origin: { kind: 'environment', variable: 'OS_CEPH__RBD_STORE_POOL' } },
    'environment variable OS_CEPH__RBD_STORE_POOL: [ceph] rbd_store_pool: is empty; name the pool',
  ],
  [{ origin: undefined }, '[ceph] rbd_store_pool: is empty; name the pool'],
  [{ option: undefined }, 'glance-api.conf:42: is empty; name the pool'],
])('a mistake names place, option, problem and remedy as far as known (case %#)', (part, text) => {
  expect(renderMistake({ ...mistake, ...part })).toBe(text);
});

it('an error lists every mistake on a line of its own', () => {
  const error = new ConfError([mistake, { ...mistake, origin: undefined }]);
  expect(error.message.split('\n')).toHaveLength(2);
  expect(error.mistakes).toHaveLength(2);
});
