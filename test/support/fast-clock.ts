import { type Clock, realClock } from '../../src/backfill/clock.ts';

/** A clock that goes so many times faster than the real one: what takes minutes can be tried in seconds. */
export function fastClock(factor: number): Clock {
  return {
    now: () => realClock.now() * factor,
    sleep: (ms, end) => realClock.sleep(ms / factor, end),
  };
}
