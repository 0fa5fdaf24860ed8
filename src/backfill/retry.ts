import { DatabaseError } from '../database/errors.ts';
import type { Clock } from './clock.ts';

/** Told before each new attempt: what failed, and how long is waited (ms). */
export type OnRetry = (error: DatabaseError, waitMs: number) => void;

export interface Retry {
  readonly sleep: Clock['sleep'];
  readonly onRetry: OnRetry;
}

/** What trying again has to heed. */
export interface RetryOptions {
  readonly retry: Retry;
  /** aborted: the run is to end, so nothing is waited for any more */
  readonly stop: AbortSignal;
}

/** How often a piece of work has failed, and how often of these somebody killed it. */
export interface Failures {
  readonly count: number;
  readonly kills: number;
}

export const noFailures: Failures = { count: 0, kills: 0 };

/** What to do after a failure; `smaller`: again, and where that can be with fewer rows at a time. */
export type Recovery =
  | { readonly kind: 'again' | 'smaller'; readonly failures: Failures }
  | { readonly kind: 'stopped'; readonly error: DatabaseError }
  | { readonly kind: 'hopeless'; readonly error: unknown };

/** The run is to end, and what failed in a way that may pass was not tried again. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

const attempts = 10;
const firstWaitMs = 50;
const longestWaitMs = 5_000;

/**
 * Runs `attempt` until it succeeds, as long as it fails in ways known to pass.
 *
 * @throws whatever `attempt` throws that is not known to pass, the tenth failure that is, or StoppedError
 */
export async function retryTransient<T>(
  attempt: () => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  let failures = noFailures;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const recovery = await recover(error, failures, options);
      if (recovery.kind === 'hopeless') throw recovery.error;
      if (recovery.kind === 'stopped')
        throw new StoppedError('the run is to end', { cause: error });
      failures = recovery.failures;
    }
  }
}

/**
 * Decides what to do after a failure, and waits before work that is to be tried again.
 *
 * @param before how the same work failed before
 */
export async function recover(
  error: unknown,
  before: Failures,
  { retry, stop }: RetryOptions,
): Promise<Recovery> {
  if (!(error instanceof DatabaseError)) return { kind: 'hopeless', error };
  const kind = remedyFor(error, before);
  if (kind === 'nothing') return { kind: 'hopeless', error: withAdvice(error) };
  const failures = countFailure(error, before);
  // Whether a COMMIT took must be found out, also when the run is to end: it is looked at once more, without a wait.
  const mustLook = error.kind === 'commit-unknown';
  if (!stop.aborted) {
    const waitMs = backOff(failures.count);
    retry.onRetry(error, waitMs);
    await retry.sleep(waitMs, stop);
  }
  return stop.aborted && !mustLook ? { kind: 'stopped', error } : { kind, failures };
}

function remedyFor(
  { kind }: DatabaseError,
  { count, kills }: Failures,
): 'again' | 'smaller' | 'nothing' {
  const isLastAttempt = count + 1 >= attempts;
  switch (kind) {
    case 'transient':
    case 'commit-unknown':
      return isLastAttempt ? 'nothing' : 'again';
    case 'contended':
      return isLastAttempt ? 'nothing' : 'smaller';
    case 'killed':
      return isLastAttempt || kills > 0 ? 'nothing' : 'smaller';
    case 'fatal':
      return 'nothing';
  }
}

function countFailure({ kind }: DatabaseError, { count, kills }: Failures): Failures {
  return { count: count + 1, kills: kind === 'killed' ? kills + 1 : kills };
}

/** Who killed a query once may have meant another; who does so twice means ours. */
function withAdvice(error: DatabaseError): DatabaseError {
  if (error.kind !== 'killed') return error;
  return new DatabaseError(
    `${error.message}, and did so again when it was tried once more, so the run ends here: ` +
      'find out who (a watchdog such as pt-kill ends what runs for long), then run this again, ' +
      'backfill perhaps with a smaller --batch-size',
    'killed',
    error.cause,
  );
}

/** Doubles with each try; the jitter keeps two writers that collided from colliding again. */
function backOff(tried: number): number {
  const ceiling = Math.min(longestWaitMs, firstWaitMs * 2 ** tried);
  return Math.round(ceiling * (0.5 + Math.random() / 2));
}
