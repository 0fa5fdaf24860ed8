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
  type Statement,
} from './dialect.ts';
import { countKindsBy, type KindSql, listKindsBy, updateKindsBy } from './kinds.ts';
import { postgresqlAdvisoryLock } from './postgresql-advisory-lock.ts';
import { postgresqlFailures } from './postgresql-failures.ts';
import { updateTexts } from './update-texts.ts';

/**
 * Of a transaction that writes. lock_timeout counts for each row anew, so all of them together have a limit, too, a bit
 * above that.
 */
const localSettings = [
  ['lock_timeout', '1s'],
  ['statement_timeout', `${longestLook}ms`],
  ['idle_in_transaction_session_timeout', `${longestIdle}s`],
] as const;

/** PostgreSQL. Nothing is set for the session as such, so that a pooler such as PgBouncer may stand between. */
export const postgresql: Dialect = {
  name: 'postgresql',
  metaDataCapacity: Infinity,
  failures: postgresqlFailures,
  prepare: () => Promise.resolve(),
  describe,
  status: undefined,
  // A standby refuses the lock; it takes the right to update one column, the update the rights to both.
  tryToWrite: [
    plain('BEGIN'),
    plain('SELECT id FROM image_locations WHERE id = 0 FOR NO KEY UPDATE'),
    idleUpdate,
  ],
  grants: { missing: ['42501'], findGrantee },
  advisoryLock: postgresqlAdvisoryLock,
  page,
  countKinds: (scope, range, kinds) =>
    countKindsBy(kindSql, { range, filter: statusFilter(scope), kinds }),
  listKinds: (scope, range, kinds) =>
    listKindsBy(kindSql, { range, filter: statusFilter(scope), kinds }),
  begin: [
    plain('BEGIN ISOLATION LEVEL READ COMMITTED'),
    plain(
      `SELECT ${localSettings.map(([name, value]) => `set_config('${name}', '${value}', true)`).join(', ')}`,
    ),
  ],
  afterLock: [plain('SET LOCAL statement_timeout TO DEFAULT')],
  rows: (ids) => ({ sql: selectRows, bindings: [[...ids]] }),
  lock: (ids) => ({ sql: `${selectRows} FOR NO KEY UPDATE`, bindings: [[...ids]] }),
  update: (updates, updatedAt) => updateTexts(kindSql.table, updates, updatedAt),
  updateKinds: (scope, updates, updatedAt) =>
    updateKindsBy(kindSql, { filter: statusFilter(scope), updates, updatedAt }),
  readRows: (answer) => asRows(memberOf(answer, 'rows')),
  readCount: (answer) => countOf(answer, 'rowCount'),
  socketOf: (connection) => memberOf(memberOf(connection, 'connection'), 'stream'),
};

const selectRows =
  `SELECT ${lockColumns.join(', ')}, to_char(updated_at, 'YYYY-MM-DD HH24:MI:SS.US') FROM image_locations` +
  ' WHERE id = ANY(?) ORDER BY id';

const kindSql: KindSql = {
  table: 'image_locations',
  imageId: 'image_id',
  literal: (hex) => `convert_from(decode('${hex}', 'hex'), 'UTF8') COLLATE "C"`,
  concat: (parts) => parts.join(' || '),
  length: (column) => `OCTET_LENGTH(${column})`,
  code: (text) => `ASCII(${text})`,
  byteAt: (hex, position) => `GET_BYTE(decode('${hex}', 'hex'), ${position})`,
  takeHead: ({ example, length, sha256 }) =>
    `(SELECT LEFT(value, ${length}) FROM image_locations WHERE id = ${example}` +
    ` AND encode(sha256(convert_to(LEFT(value, ${length}), 'UTF8')), 'hex') = '${sha256}') COLLATE "C"`,
};

async function describe(session: Session): Promise<ServerFacts> {
  const rows = await session.query(plain('SHOW server_version'));
  const version = String(rows[0]?.[0]);
  const server = `PostgreSQL ${/^[\d.]+/.exec(version)?.[0] ?? version}`;
  return { server, isGalera: false, writesUnseen: true, maxBatchRows: Infinity };
}

async function findGrantee(session: Session): Promise<Grantee> {
  const names = `SELECT 'image_locations'::regclass::text, quote_ident(current_user)`;
  const [row = []] = await session.query(plain(names));
  return { table: String(row[0]), user: String(row[1]) };
}

function page(scope: Scope, { after, last, limit }: PageRange): Statement {
  const imageFilter = scope.imageIds === undefined ? '' : ' AND image_id = ANY(?)';
  return {
    sql:
      `SELECT ${pageColumns.join(', ')} FROM image_locations WHERE id > ? AND id <= ?` +
      ` AND ${statusFilter(scope)}${imageFilter} ORDER BY id LIMIT ?`,
    bindings: [after, last, ...(scope.imageIds === undefined ? [] : [[...scope.imageIds]]), limit],
  };
}

function statusFilter({ pendingDelete }: Scope): string {
  const active = `(NOT deleted AND status = 'active')`;
  return pendingDelete ? `(${active} OR status = 'pending_delete')` : active;
}
