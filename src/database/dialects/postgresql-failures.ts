import {
  failureTable,
  tellBadLogin,
  tellFull,
  tellNoColumn,
  tellNoDatabase,
  tellNoTable,
  type Failure,
  type FailureTable,
} from '../failures.ts';
import { longestLook } from './dialect.ts';

/** The server does not say which right: reading needs one, locking and writing the other. */
const tellNoRight: Failure['tell'] = ({ server, user }, said) =>
  `${server}: user "${user}" lacks a right: ${said}; a dry run needs SELECT on image_locations, a real one UPDATE, too`;

const tellNoEntry: Failure['tell'] = ({ server }, said) =>
  `${server} refuses the connection: ${said}; check pg_hba.conf there and sslmode in [database] connection`;

/**
 * PostgreSQL tells its time limit from somebody's cancel by words alone, in the language of its lc_messages. Where that
 * is not English, whatever took as long as the limit of our own, or longer, counts as ended by a limit.
 */
function isTimeout(said: string, ms: number): boolean {
  if (/statement timeout/.test(said)) return true;
  return !/user request/.test(said) && ms >= longestLook;
}

/** Errors of PostgreSQL by SQLSTATE. */
export const postgresqlFailures: FailureTable = failureTable([
  ['40001', 'contended', 'a concurrent change came first'],
  ['40P01', 'contended', 'deadlock with another transaction'],
  ['55P03', 'contended', 'a row lock was not to be had in time'],
  ['25006', 'transient', 'the server allows read-only transactions alone'],
  ['53300', 'transient', 'too many connections'],
  ['57014', 'overdue', 'a statement exceeded statement_timeout', isTimeout],
  ['57014', 'killed', 'somebody cancelled the query'],
  ['25P03', 'lost', 'the server ended a transaction that was idle for too long'],
  ['25P04', 'lost', 'the server ended a transaction that took too long'],
  ['57P05', 'lost', 'the server closed a connection that was idle for too long'],
  ['57P01', 'lost', 'somebody closed the connection, or the server is shutting down'],
  ['57P02', 'lost', 'the server is restarting after a crash'],
  ['57P03', 'lost', 'the server is starting up'],
  ['08*', 'lost', 'the connection was lost'],
  ['53100', 'refused', tellFull],
  ['28000', 'fatal', tellNoEntry],
  ['28P01', 'fatal', tellBadLogin],
  ['3D000', 'fatal', tellNoDatabase],
  ['42501', 'fatal', tellNoRight],
  ['42703', 'fatal', tellNoColumn],
  ['42P01', 'fatal', tellNoTable],
]);
