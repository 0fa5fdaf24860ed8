import { asRows, countOf, memberOf } from '../driver-values.ts';
import type { PageRange, Scope } from '../location-table.ts';
import {
  idleUpdate,
  lockColumns,
  longestIdle,
  longestLook,
  pageColumns,
  plain,
  type Dialect,
  type Grantee,
  type ServerFacts,
  type Session,
  type SessionOptions,
  type Statement,
} from './dialect.ts';
import { countKindsBy, type KindSql, listKindsBy, updateKindsBy } from './kinds.ts';
import { mysqlAdvisoryLock } from './mysql-advisory-lock.ts';
import { findMaxBatchRows } from './mysql-batch-limits.ts';
import { mysqlFailures } from './mysql-failures.ts';
import { updateTexts } from './update-texts.ts';

/** Refused by a server that is read-only. */
const beginWriting = plain('START TRANSACTION READ WRITE');

/** MySQL 8 and MariaDB; every statement is one that both understand. */
export const mysql: Dialect = {
  name: 'mysql',
  // The most a TEXT column holds, in bytes.
  metaDataCapacity: 65_535,
  failures: mysqlFailures,
  prepare,
  describe,
  // A server may take an UPDATE for read-only only when it comes to its tables.
  tryToWrite: [beginWriting, idleUpdate],
  grants: { missing: ['1142', '1143'], findGrantee },
  status: (names) => ({
    sql: `SHOW GLOBAL STATUS WHERE Variable_name IN (${names.map(() => '?').join(', ')})`,
    bindings: names,
  }),
  advisoryLock: mysqlAdvisoryLock,
  page,
  countKinds: (scope, range, kinds) =>
    countKindsBy(kindSql, { range, filter: statusFilter(scope), kinds }),
  listKinds: (scope, range, kinds) =>
    listKindsBy(kindSql, { range, filter: statusFilter(scope), kinds }),
  begin: [beginWriting],
  // Without FORCE INDEX a batch that is most of the table would lock all of it.
  rows: (ids) => plain(selectRows(ids)),
  // MySQL has no limit for a statement that locks, so there a locked row is not waited for at all; MariaDB leaves out
  // what is meant for MySQL 5.7 to 9 alone.
  lock: (ids) => limited(plain(`${selectRows(ids)} FOR UPDATE /*!80001 NOWAIT */`)),
  afterLock: [],
  update: (updates, updatedAt) => updateTexts(kindSql.table, updates, updatedAt),
  updateKinds: (scope, updates, updatedAt) =>
    limited(updateKindsBy(kindSql, { filter: statusFilter(scope), updates, updatedAt })),
  readRows: (answer) => asRows(first(answer)),
  // mysql2 sets CLIENT_FOUND_ROWS, so rows that had the text before count, too.
  readCount: (answer) => countOf(first(answer), 'affectedRows'),
  socketOf: (connection) => memberOf(connection, 'stream'),
};

/**
 * Whatever the server's defaults are. Without TRADITIONAL a text too long is cut in silence, and NO_BACKSLASH_ESCAPES,
 * which it replaces, is not how mysql2 escapes. Left alone, a statement waits for a day while somebody alters the
 * table. MariaDB would make a join of a list of more than 1,000 ids and might lock the whole table for it. MySQL takes
 * what is MariaDB's for comments.
 */
const setSession =
  `SET SESSION sql_mode = 'TRADITIONAL', time_zone = '+00:00', autocommit = 1, lock_wait_timeout = 60` +
  ` /*M!100300 , idle_transaction_timeout = ${longestIdle} */` +
  ` /*M!100408 , in_predicate_conversion_threshold = 0 */`;

const kindSql: KindSql = {
  table: 'image_locations FORCE INDEX (PRIMARY)',
  imageId: 'image_id',
  // Without the CAST MariaDB compares by the column's collation, to which `A` is `a`.
  literal: (hex) => `CAST(x'${hex}' AS BINARY)`,
  concat: (parts) => `CONCAT(${parts.join(', ')})`,
  length: (column) => `LENGTH(${column})`,
  code: (text) => `ASCII(${text})`,
  byteAt: (hex, position) => `ASCII(SUBSTR(x'${hex}', ${position} + 1, 1))`,
  // An UPDATE of MariaDB before 10.3 would refuse to read its own table, but for one that LIMIT has it make first.
  takeHead: ({ example, length, sha256 }) =>
    `(SELECT head FROM (SELECT CAST(LEFT(value, ${length}) AS BINARY) AS head FROM image_locations` +
    ` WHERE id = ${example} AND SHA2(LEFT(value, ${length}), 256) = '${sha256}' LIMIT 1) AS example)`,
};

async function prepare(session: Session, options: SessionOptions): Promise<void> {
  await session.query(plain(setSession));
  const variables = await readVariables(session, ['wsrep_on', 'log_bin', 'binlog_format']);
  const syncWait = chooseSyncWait(options, variables.get('wsrep_on') === 'ON');
  if (syncWait !== undefined) {
    await session.query(plain(`SET SESSION wsrep_sync_wait = ${syncWait}`));
  }
  if (options.readOnly) return;
  await session.query(plain('SET SESSION innodb_lock_wait_timeout = 1'));
  // InnoDB refuses to write READ COMMITTED into a binary log of statements (error 1665).
  if (logsStatements(variables)) return;
  await session.query(plain('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'));
}

function logsStatements(variables: ReadonlyMap<string, string>): boolean {
  return variables.get('log_bin') === 'ON' && variables.get('binlog_format') === 'STATEMENT';
}

/**
 * The rows looked at under lock must be the cluster's newest, also after a COMMIT whose answer was lost on another
 * node: bit 1 makes a read wait for what was committed elsewhere.
 */
function chooseSyncWait(options: SessionOptions, isGalera: boolean): number | undefined {
  const { readOnly, wsrepSyncWait } = options;
  return isGalera && !readOnly ? (wsrepSyncWait ?? 0) | 1 : wsrepSyncWait;
}

async function describe(session: Session): Promise<ServerFacts> {
  const variables = await readVariables(session, [
    'version',
    'version_comment',
    'max_allowed_packet',
    'wsrep_on',
    'wsrep_max_ws_rows',
    'wsrep_max_ws_size',
    'log_bin',
    'binlog_format',
  ]);
  return {
    server: nameServer(variables.get('version') ?? '', variables.get('version_comment') ?? ''),
    isGalera: variables.get('wsrep_on') === 'ON',
    // Where InnoDB locks gaps, too, the statement would keep Glance from inserting beside its rows.
    writesUnseen: /mariadb/i.test(variables.get('version') ?? '') && !logsStatements(variables),
    maxBatchRows: findMaxBatchRows((name) => Number(variables.get(name) ?? 0)),
  };
}

function nameServer(version: string, comment: string): string {
  const number = /^[\d.]+/.exec(version)?.[0] ?? version;
  if (/mariadb/i.test(version)) return `MariaDB ${number}`;
  return `${/percona/i.test(comment) ? 'Percona Server' : 'MySQL'} ${number}`;
}

/** SHOW does not mind a variable that this server does not have. */
async function readVariables(
  session: Session,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const list = names.map((name) => `'${name}'`).join(', ');
  const rows = await session.query(plain(`SHOW VARIABLES WHERE Variable_name IN (${list})`));
  return new Map(rows.map(([name, value]) => [String(name), String(value)]));
}

/** The account that the server took the login for: its host is often `%`, whatever host the connection is from. */
async function findGrantee(session: Session): Promise<Grantee> {
  const [row = []] = await session.query(plain('SELECT DATABASE(), CURRENT_USER()'));
  const [database, account] = row.map(String);
  const [, user = '', host = ''] = /^(.*)@(.*)$/s.exec(account ?? '') ?? [];
  const quoted = [user, host].map((name) => `'${name.replace(/['\\]/g, '\\$&')}'`);
  return {
    table: `\`${(database ?? '').replaceAll('`', '``')}\`.image_locations`,
    user: quoted.join('@'),
  };
}

/** Left alone, the optimizer takes the index on `deleted` and sorts what it finds, page after page. */
function page(scope: Scope, { after, last, limit }: PageRange): Statement {
  const images = scope.imageIds ?? [];
  const hint = scope.imageIds === undefined ? ' FORCE INDEX (PRIMARY)' : '';
  const imageFilter =
    scope.imageIds === undefined ? '' : ` AND image_id IN (${images.map(() => '?').join(', ')})`;
  return {
    sql:
      `SELECT ${pageColumns.join(', ')} FROM image_locations${hint} WHERE id > ${after} AND id <= ${last}` +
      ` AND ${statusFilter(scope)}${imageFilter} ORDER BY id LIMIT ${limit}`,
    bindings: images,
  };
}

/** Compared as bytes: the column's collation holds `ACTIVE` for equal. */
function statusFilter({ pendingDelete }: Scope): string {
  const active = `(deleted = 0 AND status = CAST('active' AS BINARY))`;
  return pendingDelete ? `(${active} OR status = CAST('pending_delete' AS BINARY))` : active;
}

/**
 * innodb_lock_wait_timeout counts for each row anew, so all of them together have a limit, too, a bit above that.
 * MySQL takes it for a comment.
 */
function limited({ sql, bindings }: Statement): Statement {
  const seconds = longestLook / 1_000;
  return {
    sql: `/*M!100101 SET STATEMENT max_statement_time = ${seconds} FOR */ ${sql}`,
    bindings,
  };
}

function selectRows(ids: readonly number[]): string {
  return (
    `SELECT ${lockColumns.join(', ')}, updated_at FROM image_locations FORCE INDEX (PRIMARY)` +
    ` WHERE id IN (${ids.join(', ')}) ORDER BY id`
  );
}

function first(answer: unknown): unknown {
  return asRows(answer)[0];
}
