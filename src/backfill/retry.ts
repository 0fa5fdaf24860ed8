import { DatabaseError } from '../database/errors.ts';

/** Waits `ms` milliseconds; the loop is given its clock so that tests need not wait. */
export type Sleep = (ms: number) => Promise<void>;

/** Told before each new attempt: what failed, and how long is waited (ms). */
export type OnRetry = (error: DatabaseError, waitMs: number) => void;

export interface Retry {
  readonly sleep: Sleep;
  readonly onRetry: OnRetry;
}

const attempts = 10;
const firstWaitMs = 50;
const longestWaitMs = 5_000;

/**
 * Runs `attempt` until it succeeds, as long as it fails in ways known to pass.
 * Every attempt is told how the one before it failed: after a connection lost at COMMIT it must look first.
 *
 * @throws whatever `attempt` throws that is not transient, or the tenth transient failure
 */
export async function retryTransient<T>(
  attempt: (previous: DatabaseError | undefined) => Promise<T>,
  { sleep, onRetry }: Retry,
): Promise<T> {
  let previous: DatabaseError | undefined;
  for (let tried = 1; ; tried++) {
    try {
      return await attempt(previous);
    } catch (error) {
      if (!mayPass(error) || tried === attempts) throw error;
      previous = error;
      const waitMs = backOff(tried);
      onRetry(error, waitMs);
      await sleep(waitMs);
    }
  }
}

function mayPass(error: unknown): error is DatabaseError {
  return (
    error instanceof DatabaseError &&
    (error.kind === 'transient' || error.kind === 'commit-unknown')
  );
}

/** Doubles with each try; the jitter keeps two writers that collided from colliding again. */
function backOff(tried: number): number {
  const ceiling = Math.min(longestWaitMs, firstWaitMs * 2 ** tried);
  return Math.round(ceiling * (0.5 + Math.random() / 2));
}
