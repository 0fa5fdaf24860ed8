import { DatabaseError } from '../database/errors.ts';

/** How a piece of work has failed so far. Times are the run's clock's (ms). */
export interface Failures {
  readonly count: number;
  /** of these, those that use up an attempt: all but a database that is away */
  readonly attemptsUsed: number;
  /** how often somebody killed it */
  readonly kills: number;
  /** how often a COMMIT was answered with an error that does not pass */
  readonly refusals: number;
  /** when it first failed; undefined when it has not */
  readonly since: number | undefined;
  /** since when the database has been away; undefined when it was there at the last failure */
  readonly awaySince: number | undefined;
}

export const noFailures: Failures = {
  count: 0,
  attemptsUsed: 0,
  kills: 0,
  refusals: 0,
  since: undefined,
  awaySince: undefined,
};

/** `smaller`: again, and where that can be with fewer rows at a time. */
export type Remedy = 'again' | 'smaller' | 'nothing';

/** How often work that meets others is tried. */
export const attempts = 10;

/** How long a database may be away (ms): a failover, or a restart that has a log to replay. */
const longestOutage = 300_000;

/** How long work may fail before the operator hears of it (ms). */
export const quietFor = 10_000;

const firstWaitMs = 50;
const longestWaitMs = 5_000;

/** What is known once it has failed `now`, too. */
export function countFailure({ kind }: DatabaseError, before: Failures, now: number): Failures {
  const isAway = kind === 'transient' || kind === 'commit-unknown';
  return {
    count: before.count + 1,
    attemptsUsed: before.attemptsUsed + (kind === 'transient' ? 0 : 1),
    kills: before.kills + (kind === 'killed' ? 1 : 0),
    refusals: before.refusals + (kind === 'commit-refused' ? 1 : 0),
    since: before.since ?? now,
    awaySince: isAway ? (before.awaySince ?? now) : undefined,
  };
}

/** What helps after a failure. @param failures with this one among them */
export function remedyFor({ kind }: DatabaseError, failures: Failures, now: number): Remedy {
  const isLastAttempt = failures.attemptsUsed >= attempts;
  switch (kind) {
    case 'transient':
      return timeLeft(failures, now) > 0 ? 'again' : 'nothing';
    case 'commit-unknown':
      return isLastAttempt ? 'nothing' : 'again';
    case 'commit-refused':
      // One look tells whether it took. Where it did not, the same COMMIT will hardly be taken next time.
      return failures.refusals > 1 ? 'nothing' : 'again';
    case 'contended':
    case 'too-large':
      return isLastAttempt ? 'nothing' : 'smaller';
    case 'killed':
      return isLastAttempt || failures.kills > 1 ? 'nothing' : 'smaller';
    case 'fatal':
      return 'nothing';
  }
}

/** How long a database that is away is waited for yet (ms). */
export function timeLeft({ awaySince }: Failures, now: number): number {
  return (awaySince ?? now) + longestOutage - now;
}

/** What the run ends with when work is not tried again: the failure, and what the operator can do. */
export function withAdvice(error: DatabaseError): DatabaseError {
  const advice = adviceOn(error);
  return advice === undefined
    ? error
    : new DatabaseError(`${error.message}, ${advice}`, error.kind, error.cause);
}

function adviceOn({ kind }: DatabaseError): string | undefined {
  switch (kind) {
    case 'transient':
      return (
        `and this went on for ${longestOutage / 60_000} minutes, so the run ends here: ` +
        'run it again when the database is back'
      );
    // Who killed a query once may have meant another; who does so twice means ours.
    case 'killed':
      return (
        'and did so again when it was tried once more, so the run ends here: ' +
        'find out who (a watchdog such as pt-kill ends what runs for long), then run this again, ' +
        'backfill perhaps with a smaller --batch-size'
      );
    case 'contended':
    case 'too-large':
    case 'commit-unknown':
    case 'commit-refused':
    case 'fatal':
      return undefined;
  }
}

/** How long to wait (ms): doubles with each try; the jitter keeps two writers that collided from colliding again. */
export function backOff({ count }: Failures): number {
  const ceiling = Math.min(longestWaitMs, firstWaitMs * 2 ** count);
  return Math.round(ceiling * (0.5 + Math.random() / 2));
}
