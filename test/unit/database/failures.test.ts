import { describe, expect, it } from 'vitest';
import { mysqlFailures } from '../../../src/database/dialects/mysql-failures.ts';
import { postgresqlFailures } from '../../../src/database/dialects/postgresql-failures.ts';
import { sqliteFailures } from '../../../src/database/dialects/sqlite-failures.ts';
import { DatabaseError, type FailureKind } from '../../../src/database/errors.ts';
import {
  explainFailure,
  type Activity,
  type FailureTable,
} from '../../../src/database/failures.ts';

const peer = { server: 'db1:3306', database: 'glance', user: 'glance' };

/** As mysql2 throws it. */
const mysqlError = (errno: number, sqlMessage = 'words') =>
  Object.assign(new Error(`UPDATE x SET y = ? - ${sqlMessage}`), {
    errno,
    sqlMessage,
    code: 'ER_X',
    sql: 'secret',
  });

/** As pg and libsql throw it. */
const codedError = (code: string, message = 'words') =>
  Object.assign(new Error(`SELECT 1 - ${message}`), { code });

function kindOf(error: Error, failures: FailureTable, activity: Activity, ms = 5_000): FailureKind {
  return explainFailure(error, { peer, failures, activity, ms }).kind;
}

describe('a failure of MySQL', () => {
  it.each([1290, 1792, 1836, 1040, 1203])('%i was rolled back, and may be tried again', (errno) => {
    expect(kindOf(mysqlError(errno), mysqlFailures, 'reading')).toBe('transient');
    expect(kindOf(mysqlError(errno), mysqlFailures, 'writing')).toBe('transient');
    expect(kindOf(mysqlError(errno), mysqlFailures, 'committing')).toBe('transient');
    expect(kindOf(mysqlError(errno), mysqlFailures, 'opening')).toBe('fatal');
  });

  it.each([1205, 1213, 3572])(
    '%i was rolled back, and may be tried again with fewer rows',
    (errno) => {
      expect(kindOf(mysqlError(errno), mysqlFailures, 'writing')).toBe('contended');
      expect(kindOf(mysqlError(errno), mysqlFailures, 'committing')).toBe('contended');
      expect(kindOf(mysqlError(errno), mysqlFailures, 'opening')).toBe('fatal');
    },
  );

  it.each([1180, 1969, 3024])('%i asks for fewer rows, and at COMMIT leaves it open', (errno) => {
    expect(kindOf(mysqlError(errno), mysqlFailures, 'writing')).toBe('contended');
    expect(kindOf(mysqlError(errno), mysqlFailures, 'committing')).toBe('commit-unknown');
    expect(kindOf(mysqlError(errno), mysqlFailures, 'opening')).toBe('fatal');
  });

  it.each([1047, 1927, 2002, 2003, 2006, 2013, 4031, 1053, 9001])(
    '%i at COMMIT leaves the outcome open',
    (errno) => {
      expect(kindOf(mysqlError(errno), mysqlFailures, 'writing')).toBe('transient');
      expect(kindOf(mysqlError(errno), mysqlFailures, 'committing')).toBe('commit-unknown');
      expect(kindOf(mysqlError(errno), mysqlFailures, 'opening')).toBe('fatal');
    },
  );

  it('1153 asks for fewer rows, and whoever holds a lock has no part in it', () => {
    expect(kindOf(mysqlError(1153), mysqlFailures, 'writing')).toBe('too-large');
    const writeSet = mysqlError(1105, 'Maximum writeset size exceeded');
    expect(kindOf(writeSet, mysqlFailures, 'committing')).toBe('too-large');
  });

  it('1317 is somebody who killed the query', () => {
    expect(kindOf(mysqlError(1317), mysqlFailures, 'writing')).toBe('killed');
    expect(kindOf(mysqlError(1317), mysqlFailures, 'committing')).toBe('commit-unknown');
  });

  it.each([1045, 1044, 1049, 1142, 1143, 1146, 1054, 1406, 1366, 1114, 1064])(
    '%i stops the run',
    (errno) => {
      expect(kindOf(mysqlError(errno), mysqlFailures, 'writing')).toBe('fatal');
    },
  );
});

describe('a failure of PostgreSQL', () => {
  it.each(['25006', '53300'])('%s may be tried again', (code) => {
    expect(kindOf(codedError(code), postgresqlFailures, 'writing')).toBe('transient');
    expect(kindOf(codedError(code), postgresqlFailures, 'committing')).toBe('transient');
  });

  it.each(['40001', '40P01', '55P03'])('%s may be tried again with fewer rows', (code) => {
    expect(kindOf(codedError(code), postgresqlFailures, 'writing')).toBe('contended');
    expect(kindOf(codedError(code), postgresqlFailures, 'committing')).toBe('contended');
  });

  it.each(['57P01', '57P02', '57P03', '08000', '08003', '08006'])(
    '%s at COMMIT leaves the outcome open',
    (code) => {
      expect(kindOf(codedError(code), postgresqlFailures, 'writing')).toBe('transient');
      expect(kindOf(codedError(code), postgresqlFailures, 'committing')).toBe('commit-unknown');
    },
  );

  it.each([
    ['canceling statement due to user request', 100, 'killed'],
    ['canceling statement due to user request', 5_000, 'killed'],
    ['canceling statement due to statement timeout', 300, 'contended'],
    ['storniere Anfrage wegen Benutzeraufforderung', 1_100, 'killed'],
    ['storniere Anfrage wegen Zeitüberschreitung der Anfrage', 1_201, 'contended'],
  ] as const)('57014 "%s" after %i ms: %s', (words, ms, kind) => {
    expect(kindOf(codedError('57014', words), postgresqlFailures, 'writing', ms)).toBe(kind);
  });

  it('an error at COMMIT that does not pass leaves the outcome open', () => {
    expect(kindOf(codedError('XX000'), postgresqlFailures, 'committing')).toBe('commit-refused');
    expect(kindOf(codedError('57014'), postgresqlFailures, 'committing')).toBe('commit-unknown');
  });

  it.each(['28P01', '28000', '3D000', '42501', '42P01', '42703', '53100', '22021'])(
    '%s stops the run',
    (code) => {
      expect(kindOf(codedError(code), postgresqlFailures, 'writing')).toBe('fatal');
    },
  );
});

describe('a failure of SQLite', () => {
  it.each(['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_LOCKED'])(
    '%s may be tried again with fewer rows',
    (code) => {
      expect(kindOf(codedError(code), sqliteFailures, 'writing')).toBe('contended');
      expect(kindOf(codedError(code), sqliteFailures, 'committing')).toBe('contended');
    },
  );

  it.each([
    'SQLITE_READONLY',
    'SQLITE_FULL',
    'SQLITE_CORRUPT',
    'SQLITE_NOTADB',
    'SQLITE_ERROR',
    'SQLITE_IOERR',
  ])('%s stops the run', (code) => {
    expect(kindOf(codedError(code), sqliteFailures, 'writing')).toBe('fatal');
  });
});

describe('a failure of the network', () => {
  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'EPIPE',
    'ENOTFOUND',
    'EHOSTUNREACH',
    'ENOENT',
  ])('%s is a lost connection', (code) => {
    expect(kindOf(codedError(code), mysqlFailures, 'writing')).toBe('transient');
    expect(kindOf(codedError(code), postgresqlFailures, 'committing')).toBe('commit-unknown');
    expect(kindOf(codedError(code), mysqlFailures, 'opening')).toBe('fatal');
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated',
    'Client has encountered a connection error and is not queryable',
    "Can't add new command when connection is in closed state",
    'timeout expired',
  ])('"%s" is a lost connection, though it has no code', (message) => {
    expect(kindOf(new Error(message), postgresqlFailures, 'writing')).toBe('transient');
    expect(kindOf(new Error(message), mysqlFailures, 'committing')).toBe('commit-unknown');
  });

  it.each([
    'SELF_SIGNED_CERT_IN_CHAIN',
    'CERT_HAS_EXPIRED',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('%s stops the run', (code) => {
    expect(kindOf(codedError(code), postgresqlFailures, 'writing')).toBe('fatal');
  });
});

describe('what the operator reads', () => {
  const tell = (error: unknown, failures = mysqlFailures) =>
    explainFailure(error, { peer, failures, activity: 'writing', ms: 0 });

  it.each([
    [
      mysqlError(1045, `Access denied for user 'glance'@'h' (using password: YES)`),
      'db1:3306 refuses the login of user "glance": check user and password in [database] connection',
    ],
    [
      mysqlError(1049),
      'db1:3306 has no database "glance" for user "glance": check its name in [database] connection',
    ],
    [
      mysqlError(1146),
      `db1:3306: database "glance" has no table image_locations: is it Glance's? For a new one, run "glance-manage db sync"`,
    ],
    [
      mysqlError(1142, `UPDATE command denied to user 'glance'@'h' for table 'image_locations'`),
      'db1:3306: user "glance" lacks the right UPDATE on table image_locations',
    ],
    [
      mysqlError(
        1142,
        `SELECT, UPDATE command denied to user 'glance'@'h' for table 'image_locations'`,
      ),
      'db1:3306: user "glance" lacks the right SELECT on table image_locations',
    ],
    [codedError('ECONNREFUSED'), 'db1:3306: cannot reach the database: nothing listens there'],
    [mysqlError(4711, 'Something new'), 'db1:3306: the database refused: Something new'],
    ['a text', 'db1:3306: the database refused: a text'],
  ])('%#', (error, message) => {
    expect(tell(error).message).toBe(message);
  });

  it('holds neither the statement nor what was bound to it', () => {
    for (const error of [tell(mysqlError(1064)), tell(codedError('42601'), postgresqlFailures)]) {
      expect(JSON.stringify([error.message, error.cause])).not.toMatch(/UPDATE|SELECT|secret/);
      expect(error.cause).toMatchObject({ said: 'words' });
    }
  });

  it('stays as it is when it was told before', () => {
    const told = new DatabaseError('told', 'killed');
    expect(tell(told)).toBe(told);
  });
});
