import { countOf, memberOf } from './driver-values.ts';
import { DatabaseError, type DriverError, type FailureKind } from './errors.ts';

/** The database spoken to, as messages name it. */
export interface Peer {
  /** `db1:3306`, the path of a socket or of a SQLite file */
  readonly server: string;
  readonly database: string;
  readonly user: string;
}

/** What was being done when something failed: what follows from the failure depends on it. */
export type Activity = 'opening' | 'reading' | 'writing' | 'committing';

/**
 * What an error code means. `overdue`: the server ended a statement that took too long. `lost`: the connection is gone.
 * At COMMIT both leave the outcome open. `too-large`: there were more rows than the server takes at once. `refused`:
 * fatal, and a COMMIT answered so was certainly rolled back.
 */
export interface Failure {
  readonly kind:
    'transient' | 'contended' | 'too-large' | 'overdue' | 'lost' | 'killed' | 'refused' | 'fatal';
  /** Words it for the operator. */
  readonly tell: (peer: Peer, said: string) => string;
}

/** Tells failures of one code apart, by the server's words and how long it took to fail (ms). */
export type FailureTest = (said: string, ms: number) => boolean;

/** Failures by code, in the order in which they are looked for: the first one of the code whose test says yes. */
export type FailureTable = readonly (Failure & {
  /** one that ends in `*` stands for all codes that begin so, but for those that are in the table themselves */
  readonly code: string;
  /** undefined where the code is enough */
  readonly when: FailureTest | undefined;
})[];

/** A failure in one row of a table: kind and text, or what makes the text. */
export type FailureRow = readonly [
  code: string,
  kind: Failure['kind'],
  text: string | Failure['tell'],
  when?: FailureTest,
];

/** Makes a table. A plain text is preceded by the server's name. */
export function failureTable(rows: readonly FailureRow[]): FailureTable {
  return rows.map(([code, kind, text, when]) => {
    const tell = typeof text === 'string' ? ({ server }: Peer) => `${server}: ${text}` : text;
    return { code, kind, tell, when };
  });
}

/** What failed. */
export interface FailedWork {
  readonly peer: Peer;
  readonly failures: FailureTable;
  readonly activity: Activity;
  /** how long it took to fail (ms) */
  readonly ms: number;
}

/** Puts a driver's error in the operator's words. What is told already stays as it is. */
export function explainFailure(
  error: unknown,
  { peer, failures, activity, ms }: FailedWork,
): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const cause = readDriverError(error);
  const { kind, tell } =
    find(failures, cause, ms) ?? find(networkFailures, cause, ms) ?? unknownFailure;
  const remedy = activity === 'opening' && kind === 'lost' ? checkServer : '';
  return new DatabaseError(tell(peer, cause.said) + remedy, judge(kind, activity), cause);
}

/** Later on the address is known to be right, and the run waits for the server. */
const checkServer = '; check the address in [database] connection, and that the server runs';

function judge(kind: Failure['kind'], activity: Activity): FailureKind {
  // Before the first row there is nothing to save: nobody waits for a database that is down.
  if (activity === 'opening') return 'fatal';
  // Of a COMMIT that failed only these answers tell that it was rolled back.
  const isRolledBack = ['transient', 'contended', 'too-large', 'refused'].includes(kind);
  if (activity === 'committing' && !isRolledBack) {
    return kind === 'fatal' ? 'commit-refused' : 'commit-unknown';
  }
  switch (kind) {
    case 'lost':
      return 'transient';
    case 'overdue':
      return 'contended';
    case 'refused':
      return 'fatal';
    case 'transient':
    case 'contended':
    case 'too-large':
    case 'killed':
    case 'fatal':
      return kind;
  }
}

function find(
  failures: FailureTable,
  { code, said }: DriverError,
  ms: number,
): Failure | undefined {
  const fitting = failures.filter(({ when }) => when === undefined || when(said, ms));
  const begins = (pattern: string): boolean =>
    pattern.endsWith('*') && code.startsWith(pattern.slice(0, -1));
  return fitting.find((one) => one.code === code) ?? fitting.find((one) => begins(one.code));
}

/** Reduces what a driver threw; `errno` and `sqlMessage` are mysql2's. */
export function readDriverError(error: unknown): DriverError {
  if (!(error instanceof Error)) return { code: '', said: String(error) };
  const sqlMessage = memberOf(error, 'sqlMessage');
  if (typeof sqlMessage === 'string') {
    return { code: String(countOf(error, 'errno')), said: sqlMessage };
  }
  // knex has waited for a connection in vain.
  if (error.name === 'KnexTimeoutError') return { code: 'ETIMEDOUT', said: error.message };
  const said = withoutSql(error.message);
  const code = memberOf(error, 'code');
  if (typeof code === 'string' && code !== '') return { code, said };
  return { code: lostWords.test(said) ? 'LOST' : '', said };
}

/** knex puts the statement before the message; no statement of ours holds ` - `. */
function withoutSql(message: string): string {
  const isStatement = /^(?:\/\*|[A-Z]{2,} )/.test(message);
  const separator = isStatement ? message.indexOf(' - ') : -1;
  return separator < 0 ? message : message.slice(separator + 3);
}

/** How mysql2 and pg tell, without a code, that a connection is gone. */
const lostWords =
  /connection (terminated|ended|lost|error)|closed state|not queryable|timeout expired/i;

const unknownFailure: Failure = {
  kind: 'fatal',
  tell: ({ server }, said) => `${server}: the database refused: ${said}`,
};

const distrust: Failure['tell'] = ({ server }, said) =>
  `${server}: the server's certificate is not accepted: ${said}; check the CA file and the host name in [database] connection`;

/** Failures of sockets, name look-up and TLS, the same for all servers. */
const networkFailures = failureTable([
  ['ECONNREFUSED', 'lost', 'cannot reach the database: nothing listens there'],
  ['ENOTFOUND', 'lost', 'cannot reach the database: there is no host of this name'],
  ['EAI_AGAIN', 'lost', 'cannot reach the database: the name server does not answer'],
  ['ETIMEDOUT', 'lost', 'cannot reach the database: no answer in time'],
  ['EHOSTUNREACH', 'lost', 'cannot reach the database: no route to the host'],
  ['ENETUNREACH', 'lost', 'cannot reach the database: no route to the network'],
  ['ENOENT', 'lost', 'cannot reach the database: there is no such socket'],
  ['EACCES', 'lost', 'cannot reach the database: permission denied'],
  ['ECONNRESET', 'lost', 'the server closed the connection'],
  ['EPIPE', 'lost', 'the server closed the connection'],
  ['LOST', 'lost', 'the connection was lost'],
  ['NO_ANSWER', 'lost', ({ server }, said) => `${server}: ${said}`],
  ['CERT_*', 'fatal', distrust],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'fatal', distrust],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'fatal', distrust],
  ['UNABLE_TO_*', 'fatal', distrust],
  ['ERR_TLS_*', 'fatal', distrust],
]);

/** The login failed. */
export const tellBadLogin: Failure['tell'] = ({ server, user }) =>
  `${server} refuses the login of user "${user}": check user and password in [database] connection`;

/** There is no database of this name, or not for this user. */
export const tellNoDatabase: Failure['tell'] = ({ server, database, user }) =>
  `${server} has no database "${database}" for user "${user}": check its name in [database] connection`;

/** The database is there, Glance's table is not. */
export const tellNoTable: Failure['tell'] = ({ server, database }) =>
  `${server}: database "${database}" has no table image_locations: is it Glance's? For a new one, run "glance-manage db sync"`;

/** The table lacks a column that Glance's has. */
export const tellNoColumn: Failure['tell'] = ({ server, database }, said) =>
  `${server}: image_locations in database "${database}" is not Glance's table, or a very old one: ${said}; check its name in [database] connection`;

/** A disk or a tablespace of the server is full. */
export const tellFull: Failure['tell'] = ({ server }, said) =>
  `${server}: the database has no room left: ${said}; free some, then run this again`;
