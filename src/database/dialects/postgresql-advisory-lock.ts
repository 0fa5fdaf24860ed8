import { asText } from '../driver-values.ts';
import { plain, type AdvisoryLockSql } from './dialect.ts';

/** Advisory locks are a database's own, and numbered. The first number is `GSBF` in ASCII. */
const key = { first: 0x47_53_42_46, second: 1 };

/**
 * A lock of a transaction left open, not of a session: behind a pooler such as PgBouncer a session's lock would stay
 * with the pooler's connection when the run is over. The transaction has no snapshot, so it keeps no dead row alive.
 */
export const postgresqlAdvisoryLock: AdvisoryLockSql = {
  async take(session) {
    await session.query(plain('BEGIN ISOLATION LEVEL READ COMMITTED'));
    await session.query(plain('SET LOCAL idle_in_transaction_session_timeout = 0'));
    const [answer] = await session.query(
      plain(`SELECT pg_try_advisory_xact_lock(${key.first}, ${key.second})`),
    );
    return answer?.[0] === true ? 'taken' : 'held';
  },
  async findHolder(session) {
    const [found] = await session.query(plain(selectHolder));
    const [connection, from, since] = found ?? [];
    return {
      connection: connection == null ? undefined : Number(connection),
      from: asText(from ?? null) ?? undefined,
      since: asText(since ?? null) ?? undefined,
    };
  },
  release: plain('ROLLBACK'),
};

/** Of other users' connections the server tells no more than the process. A socket has no address. */
const selectHolder =
  `SELECT l.pid, COALESCE(host(a.client_addr), CASE WHEN a.xact_start IS NOT NULL THEN 'localhost' END),` +
  ` to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')` +
  ' FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid' +
  ` WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2` +
  ` AND l.classid = ${key.first} AND l.objid = ${key.second}` +
  ' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())';
