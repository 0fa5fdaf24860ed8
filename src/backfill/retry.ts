import { DatabaseError } from '../database/errors.ts';
import type { Clock } from './clock.ts';
import {
  backOff,
  countFailure,
  type Failures,
  noFailures,
  quietFor,
  remedyFor,
  timeLeft,
  withAdvice,
} from './remedy.ts';
import type { Throttle } from './throttle.ts';

/** Work that fails and fails, for long enough that the operator should know. */
export interface Trouble {
  /** how it failed last */
  readonly error: DatabaseError;
  /** how long it has failed (ms) */
  readonly forMs: number;
  /** how long it is tried yet (ms); undefined where not the time but the number of attempts is limited */
  readonly leftMs: number | undefined;
}

/** Told of what is tried again. Must not throw. */
export interface RetryObserver {
  /** before each new attempt: what failed, and how long is waited (ms) */
  retrying(error: DatabaseError, waitMs: number): void;
  /** a piece of work has failed for more than ten seconds; told once of each */
  troubled(trouble: Trouble): void;
  /** such a piece of work is over: the run goes on, or the work was given up and the run ends */
  troubleOver(how: 'going on' | 'given up'): void;
}

export interface Retry {
  readonly clock: Clock;
  readonly observer: RetryObserver;
}

/** What trying again has to heed. */
export interface RetryOptions {
  readonly retry: Retry;
  /** aborted: the run is to end, so nothing is waited for any more */
  readonly stop: AbortSignal;
  /** what to wait for before each new attempt, too; absent where there is nothing yet */
  readonly throttle?: Pick<Throttle, 'pass'>;
}

/** What to do after a failure; `smaller`: again, and where that can be with fewer rows at a time. */
export type Recovery =
  | { readonly kind: 'again' | 'smaller'; readonly failures: Failures }
  | { readonly kind: 'stopped'; readonly error: DatabaseError }
  | { readonly kind: 'hopeless'; readonly error: unknown };

/** The run is to end, and what failed in a way that may pass was not tried again. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** A piece of work that may have to be tried more than once. */
export interface Effort {
  /** Decides what to do after a failure, and waits before work that is to be tried again. */
  recover(error: unknown): Promise<Recovery>;
  /** Tells that the run goes on: the work is done, is done otherwise or is done without. */
  over(): void;
  /** Tells that the run ends: the work is neither done nor tried again. */
  giveUp(): void;
}

/**
 * Runs `attempt` until it succeeds, as long as it fails in ways known to pass.
 *
 * @param askLess called before an attempt that should ask for less than the one before
 * @throws whatever `attempt` throws that is not known to pass, or no longer worth an attempt, or StoppedError
 */
export async function retryTransient<T>(
  attempt: () => Promise<T>,
  options: RetryOptions,
  askLess: () => void = () => undefined,
): Promise<T> {
  const effort = beginEffort(options);
  for (;;) {
    try {
      const result = await attempt();
      effort.over();
      return result;
    } catch (error) {
      const recovery = await effort.recover(error);
      if (recovery.kind === 'hopeless' || recovery.kind === 'stopped') effort.giveUp();
      if (recovery.kind === 'hopeless') throw recovery.error;
      if (recovery.kind === 'stopped')
        throw new StoppedError('the run is to end', { cause: error });
      if (recovery.kind === 'smaller') askLess();
    }
  }
}

/** What `work` gives; `stopped` where it ended with a StoppedError. */
export async function unlessStopped<T>(work: () => Promise<T>): Promise<T | 'stopped'> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoppedError) return 'stopped';
    throw error;
  }
}

/** @param before how the same work failed before */
export function beginEffort(options: RetryOptions, before: Failures = noFailures): Effort {
  const { retry, stop } = options;
  const { clock, observer } = retry;
  let failures = before;
  let isTold = false;

  const tell = (error: DatabaseError): void => {
    const now = clock.now();
    const forMs = now - (failures.since ?? now);
    if (isTold || forMs < quietFor) return;
    isTold = true;
    const leftMs = error.kind === 'transient' ? timeLeft(failures, now) : undefined;
    observer.troubled({ error, forMs, leftMs });
  };
  const end = (how: 'going on' | 'given up'): void => {
    if (isTold) observer.troubleOver(how);
    isTold = false;
  };
  const recover = async (error: unknown): Promise<Recovery> => {
    if (!(error instanceof DatabaseError)) return { kind: 'hopeless', error };
    const now = clock.now();
    failures = countFailure(error, failures, now);
    const kind = remedyFor(error, failures, now);
    if (kind === 'nothing') return { kind: 'hopeless', error: withAdvice(error) };
    if (!stop.aborted) {
      tell(error);
      failures = await waitAfter(error, failures, options);
    }
    return stop.aborted && !isInDoubt(error) ? { kind: 'stopped', error } : { kind, failures };
  };
  return {
    recover,
    over() {
      end('going on');
    },
    giveUp() {
      end('given up');
    },
  };
}

/** Whether it is open if a COMMIT took. That is found out even when the run is to end, without a wait. */
export function isInDoubt(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  return error.kind === 'commit-unknown' || error.kind === 'commit-refused';
}

/** @returns the failures; what the throttle took counts for no outage, since for that the database must be there */
async function waitAfter(
  error: DatabaseError,
  failures: Failures,
  { retry: { clock, observer }, stop, throttle }: RetryOptions,
): Promise<Failures> {
  const waitMs = backOff(failures);
  observer.retrying(error, waitMs);
  await clock.sleep(waitMs, stop);
  if (throttle === undefined || stop.aborted) return failures;
  const startedAt = clock.now();
  await throttle.pass();
  const { awaySince } = failures;
  if (awaySince === undefined) return failures;
  return { ...failures, awaySince: awaySince + clock.now() - startedAt };
}
