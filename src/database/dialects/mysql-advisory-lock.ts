import { DatabaseError } from '../errors.ts';
import type { LockHolder } from '../location-table.ts';
import { plain, type AdvisoryLockSql, type Session } from './dialect.ts';

/**
 * Names of locks are the server's, so that the database's name is part of it; as a hash, since a lock's name has at most
 * 64 characters, and so has a database's. On a Galera cluster each node has its own.
 */
const lockName = `CONCAT('glance-store-backfill.', LEFT(SHA2(DATABASE(), 256), 40))`;

/** Longer than any silence between two statements over the lock's connection, in seconds. */
const idleSeconds = 3600;

/** GET_LOCK of MySQL and MariaDB. */
export const mysqlAdvisoryLock: AdvisoryLockSql = {
  async take(session) {
    await session.query(plain(`SET SESSION wait_timeout = ${idleSeconds}`));
    const [answer] = await session.query(plain(`SELECT GET_LOCK(${lockName}, 0)`));
    if (answer?.[0] === 1) return 'taken';
    return answer?.[0] === 0 ? 'held' : 'unknown';
  },
  async findHolder(session) {
    const [answer] = await session.query(plain(`SELECT IS_USED_LOCK(${lockName})`));
    if (answer?.[0] == null) return { connection: undefined, from: undefined, since: undefined };
    const connection = Number(answer[0]);
    return { connection, ...(await describeConnection(session, connection)) };
  },
  release: plain(`DO RELEASE_LOCK(${lockName})`),
};

/** Without the PROCESS right the server tells of one's own user's connections alone, or refuses. */
async function describeConnection(
  session: Session,
  connection: number,
): Promise<Pick<LockHolder, 'from' | 'since'>> {
  try {
    // TIME counts from the last statement over the connection, in seconds.
    const [found] = await session.query(
      plain(
        `SELECT HOST, DATE_FORMAT(DATE_SUB(UTC_TIMESTAMP(), INTERVAL TIME SECOND), '%Y-%m-%d %H:%i:%s')` +
          ` FROM information_schema.PROCESSLIST WHERE ID = ${connection}`,
      ),
    );
    return { from: textOf(found?.[0]), since: textOf(found?.[1]) };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { from: undefined, since: undefined };
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
