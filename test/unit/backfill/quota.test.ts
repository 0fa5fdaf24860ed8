import { expect, it } from 'vitest';
import { createQuota } from '../../../src/backfill/quota.ts';

it('a quota has as many places as rows may be written', () => {
  const quota = createQuota(2);
  expect([quota.take(), quota.take(), quota.take()]).toEqual([true, true, false]);
  expect(quota.hasRoom()).toBe(false);
});

it('a place that is given back can be taken again', () => {
  const quota = createQuota(1);
  quota.take();
  quota.giveBack(1);
  expect(quota.hasRoom()).toBe(true);
  expect([quota.take(), quota.take()]).toEqual([true, false]);
});

it('without a limit there is always a place', () => {
  const quota = createQuota(undefined);
  for (let row = 0; row < 1_000; row++) expect(quota.take()).toBe(true);
  expect(quota.hasRoom()).toBe(true);
});
