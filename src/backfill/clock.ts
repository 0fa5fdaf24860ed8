import { setTimeout as timer } from 'node:timers/promises';

/** Time, as a loop that waits is given it, so that tests need not wait. */
export interface Clock {
  /** ms since some moment; never goes back */
  now(): number;
  /** Waits `ms`, or until `end` is aborted. */
  sleep(ms: number, end: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, end) => timer(ms, undefined, { signal: end }).catch(() => undefined),
};
