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

/** The server names the right: `UPDATE command denied to user …`. */
const tellNoRight: Failure['tell'] = ({ server, user }, said) =>
  `${server}: user "${user}" lacks the right ${/^[A-Z]+/.exec(said)?.[0] ?? ''} on table image_locations`;

/**
 * Of a user who has no right at all in a database the server does not say whether it is there. It names the account.
 */
const tellNoAccess: Failure['tell'] = (peer, said) => {
  const [, account] = /for user ('.*'@'.*') to database/s.exec(said) ?? [];
  if (account === undefined) return tellNoDatabase(peer, said);
  const table = `\`${peer.database.replaceAll('`', '``')}\`.image_locations`;
  const grant = `GRANT SELECT, UPDATE ON ${table} TO ${account};`;
  return `${tellNoDatabase(peer, said)}; if it is right, an administrator gives the rights with: ${grant}`;
};

const tellBadTls: Failure['tell'] = ({ server }, said) =>
  `${server}: no TLS connection: ${said}; check ssl_ca, the other ssl_ parameters and the host name in [database] connection`;

/** Errors of MySQL and MariaDB by number, and of mysql2 by name. */
export const mysqlFailures: FailureTable = failureTable([
  ['1205', 'contended', 'a row lock was not to be had in time'],
  ['1020', 'contended', 'a concurrent change came first'],
  ['1213', 'contended', 'deadlock with another transaction'],
  ['3101', 'contended', 'a concurrent change on another member of the group came first'],
  ['3572', 'contended', 'a row is locked by another transaction'],
  ['1040', 'transient', 'too many connections'],
  ['1203', 'transient', 'too many connections of this user'],
  // A node that leaves its cluster answers so also to a COMMIT that the others may have got.
  ['1047', 'lost', 'the Galera node is not ready for queries'],
  // A Galera node that was cut off says so of a COMMIT that the others may have got.
  ['1180', 'overdue', 'COMMIT failed'],
  [
    '1105',
    'too-large',
    'the transaction is larger than wsrep_max_ws_size',
    (said) => /writeset size/i.test(said),
  ],
  ['1153', 'too-large', 'a statement is longer than max_allowed_packet'],
  ['1290', 'transient', 'the server is read-only'],
  ['1792', 'transient', 'the server allows read-only transactions alone'],
  ['1836', 'transient', 'the server is in read-only mode'],
  ['1969', 'overdue', 'a statement exceeded max_statement_time'],
  ['3024', 'overdue', 'a statement exceeded max_execution_time'],
  ['1317', 'killed', 'somebody killed the query'],
  ['1053', 'lost', 'the server is shutting down'],
  ['1927', 'lost', 'somebody killed the connection'],
  ['2002', 'lost', 'cannot reach the database'],
  ['2003', 'lost', 'cannot reach the database'],
  ['2006', 'lost', 'the server has gone away'],
  ['2013', 'lost', 'the connection was lost'],
  ['4031', 'lost', 'the server closed a connection that was idle for too long'],
  ['9001', 'lost', 'the proxy reaches no server'],
  ['PROTOCOL_CONNECTION_LOST', 'lost', 'the server closed the connection'],
  ['1021', 'fatal', tellFull],
  ['1114', 'fatal', tellFull],
  ['1044', 'fatal', tellNoAccess],
  ['1045', 'fatal', tellBadLogin],
  ['1698', 'fatal', tellBadLogin],
  ['1049', 'fatal', tellNoDatabase],
  ['1054', 'fatal', tellNoColumn],
  [
    '1130',
    'fatal',
    'the server takes no connections from this host: run this on another, or have an administrator allow it',
  ],
  ['1142', 'fatal', tellNoRight],
  ['1143', 'fatal', tellNoRight],
  ['1146', 'fatal', tellNoTable],
  ['3159', 'fatal', 'the server demands TLS: add ssl_ca to [database] connection'],
  [
    'HANDSHAKE_NO_SSL_SUPPORT',
    'fatal',
    'the server does not offer TLS: remove the ssl_ parameters from [database] connection, or enable it there',
  ],
  ['HANDSHAKE_SSL_ERROR', 'fatal', tellBadTls],
]);
