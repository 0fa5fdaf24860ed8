import type { Throttle } from '../../src/backfill/throttle.ts';

/** Never waits. */
export const noThrottle: Throttle = {
  pass: () => Promise.resolve(),
  passRows: () => Promise.resolve(),
};
