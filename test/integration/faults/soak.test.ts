import { expect, inject, it } from 'vitest';
import { soak } from '../../support/soak.ts';

it.each(['mysql', 'postgresql'] as const)('a short soak on %s', async (dialect) => {
  const server = inject('servers')[dialect];
  const { wrongs, ...counts } = await soak({ dialect, server, seed: 20_261_122, duration: 7_000 });
  expect(wrongs).toEqual([]);
  // Else nothing was tried.
  expect(counts.runs).toBeGreaterThan(2);
  expect(counts.struck).toBeGreaterThan(2);
  expect(counts.kills).toBeGreaterThan(0);
  expect(counts.writes).toBeGreaterThan(100);
});
