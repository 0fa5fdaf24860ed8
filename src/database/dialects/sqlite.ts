import { asRows, countOf } from '../driver-values.ts';
import type { PageRange, Scope } from '../location-table.ts';
import {
  lockColumns,
  pageColumns,
  plain,
  type Dialect,
  type ServerFacts,
  type Session,
  type SessionOptions,
  type Statement,
} from './dialect.ts';
import { countKindsBy, type KindSql, listKindsBy, updateKindsBy } from './kinds.ts';
import { sqliteFailures } from './sqlite-failures.ts';
import { updateTexts } from './update-texts.ts';

/** Texts are read as bytes: libsql cuts a text at its first NUL, and ends the process where one is not UTF-8. */
const columnsAsBytes = (columns: readonly string[]): string =>
  columns.map((name) => (['id', 'deleted'].includes(name) ? name : asBytes(name))).join(', ');

/** SQLite. A transaction locks the whole file, so it takes the lock at once or not at all. */
export const sqlite: Dialect = {
  name: 'sqlite',
  metaDataCapacity: Infinity,
  failures: sqliteFailures,
  prepare,
  describe,
  // The file's permissions are looked at instead; more is told by the first write.
  tryToWrite: [],
  grants: undefined,
  status: undefined,
  // A transaction has the whole file to itself, so two runs only wait for each other.
  advisoryLock: undefined,
  page,
  countKinds: (scope, range, kinds) =>
    countKindsBy(kindSql, { range, filter: statusFilter(scope), kinds }),
  listKinds: (scope, range, kinds) =>
    listKindsBy(kindSql, { range, filter: statusFilter(scope), kinds }),
  begin: [plain('BEGIN IMMEDIATE')],
  rows: selectRows,
  // The transaction has the whole file to itself.
  lock: selectRows,
  afterLock: [],
  update: (updates, updatedAt) => updateTexts(kindSql.table, updates, withMicroseconds(updatedAt)),
  updateKinds: (scope, updates, updatedAt) =>
    updateKindsBy(kindSql, {
      filter: statusFilter(scope),
      updates,
      updatedAt: withMicroseconds(updatedAt),
    }),
  // libsql gives objects, whose members stand in the order of the columns.
  readRows: (answer) => asRows(answer).map((row) => Object.values(row)),
  readCount: (answer) => countOf(answer, 'changes'),
  socketOf: () => undefined,
};

const kindSql: KindSql = {
  table: 'image_locations',
  imageId: asBytes('image_id'),
  literal: (hex) => `CAST(x'${hex}' AS TEXT)`,
  concat: (parts) => parts.join(' || '),
  length: (column) => `LENGTH(CAST(${column} AS BLOB))`,
  code: (text) => `UNICODE(${text})`,
  byteAt: (hex, position) => `UNICODE(SUBSTR(x'${hex}', ${position} + 1, 1))`,
  takeHead: undefined,
};

async function prepare(session: Session, { readOnly }: SessionOptions): Promise<void> {
  await session.query(plain(`PRAGMA query_only = ${readOnly ? 1 : 0}`));
}

async function describe(session: Session): Promise<ServerFacts> {
  const rows = await session.query(plain('SELECT sqlite_version()'));
  return {
    server: `SQLite ${String(rows[0]?.[0])}`,
    isGalera: false,
    writesUnseen: true,
    maxBatchRows: Infinity,
  };
}

/** As SQLAlchemy writes a DateTime (sqlalchemy/dialects/sqlite/base.py). */
function withMicroseconds(time: string): string {
  return `${time}.000000`;
}

function asBytes(column: string): string {
  return `CAST(${column} AS BLOB) AS ${column}`;
}

function selectRows(ids: readonly number[]): Statement {
  return plain(
    `SELECT ${columnsAsBytes(lockColumns)}, updated_at FROM image_locations WHERE id IN (${ids.join(', ')}) ORDER BY id`,
  );
}

/** The images go as one JSON array: SQLite binds at most 32,766 values. */
function page(scope: Scope, { after, last, limit }: PageRange): Statement {
  const imageFilter =
    scope.imageIds === undefined ? '' : ' AND image_id IN (SELECT value FROM json_each(?))';
  return {
    sql:
      `SELECT ${columnsAsBytes(pageColumns)} FROM image_locations WHERE id > ${after} AND id <= ${last}` +
      ` AND ${statusFilter(scope)}${imageFilter} ORDER BY id LIMIT ${limit}`,
    bindings: scope.imageIds === undefined ? [] : [JSON.stringify(scope.imageIds)],
  };
}

function statusFilter({ pendingDelete }: Scope): string {
  const active = `(deleted = 0 AND status = 'active')`;
  return pendingDelete ? `(${active} OR status = 'pending_delete')` : active;
}
