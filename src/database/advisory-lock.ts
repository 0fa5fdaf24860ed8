import { plain, type AdvisoryLockSql, type Session } from './dialects/dialect.ts';
import { DatabaseError } from './errors.ts';
import type { LockAttempt } from './location-table.ts';
import type { Loan, Sessions } from './sessions.ts';

/** The lock of one database. */
export interface AdvisoryLock {
  /**
   * Asks once, and does not wait. Never throws what the database does: the lock is a courtesy, since what keeps two
   * runs from harming each other is the look at every row under lock. So a lock whose connection dies is not asked for
   * again.
   */
  take(): Promise<LockAttempt>;
  /** Frees the lock if it was taken; the server does so itself when the process dies. */
  release(): Promise<void>;
}

/** Proxies close a connection that is silent for half an hour or so (ms). */
const silence = 600_000;

/** @param sql undefined where the database needs no lock */
export function createAdvisoryLock(
  sessions: Sessions,
  sql: AdvisoryLockSql | undefined,
): AdvisoryLock {
  let release = (): Promise<void> => Promise.resolve();
  return {
    async take() {
      if (sql === undefined) return { kind: 'unneeded' };
      try {
        const loan = await sessions.borrow('opening');
        const end = hold(loan, sql);
        const attempt = await ask(loan.session, sql);
        if (attempt.kind === 'taken') release = end;
        else await end();
        return attempt;
      } catch (error) {
        return refusal(error);
      }
    },
    release: () => release(),
  };
}

async function ask(session: Session, sql: AdvisoryLockSql): Promise<LockAttempt> {
  try {
    const answer = await sql.take(session);
    if (answer === 'held') return { kind: 'held', holder: await sql.findHolder(session) };
    if (answer === 'taken') return { kind: 'taken' };
    return { kind: 'refused', why: 'it does not say why' };
  } catch (error) {
    return refusal(error);
  }
}

/** @throws what is no failure of the database */
function refusal(error: unknown): LockAttempt {
  if (!(error instanceof DatabaseError)) throw error;
  return { kind: 'refused', why: error.cause?.said ?? error.message };
}

/**
 * Keeps a connection from falling silent until it is given back.
 *
 * @returns gives it back, without the lock
 */
function hold(loan: Loan, sql: AdvisoryLockSql): () => Promise<void> {
  const ping = setInterval(() => {
    loan.session.query(plain('SELECT 1')).catch(() => {
      clearInterval(ping);
    });
  }, silence).unref();
  return async () => {
    clearInterval(ping);
    // Fails where the connection is gone, and the lock with it.
    await loan.session.query(sql.release).catch(() => undefined);
    await loan.giveBack();
  };
}
