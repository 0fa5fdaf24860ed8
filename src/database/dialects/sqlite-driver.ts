import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from 'knex/lib/dialects/better-sqlite3/index.js';
import type { SqliteSettings } from '../connection-settings.ts';
import { DatabaseError } from '../errors.ts';
import type { Peer } from '../failures.ts';
import type { DriverConfig } from './attempt.ts';

/** The file as messages name it. */
export function sqlitePeer({ file }: SqliteSettings): Peer {
  return { server: file, database: file, user: '' };
}

/**
 * How to reach a file through libsql: knex's client for better-sqlite3, whose interface libsql has.
 *
 * The file is looked at first, since opening one that is missing would create it.
 *
 * @throws DatabaseError when there is no such file, or not with the rights needed
 */
export async function sqliteDriver(
  { file }: SqliteSettings,
  { readOnly }: { readonly readOnly: boolean },
): Promise<DriverConfig> {
  // An absolute path, since libsql takes `http:` and the like for a remote database.
  const filename = path.resolve(file);
  await checkReadable(filename);
  if (!readOnly) await checkSqliteWritable({ file });
  return { client: await libsqlClient(), connection: { filename } };
}

async function checkReadable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw unusable(file, 'no such file');
  if (!found.isFile()) throw unusable(file, 'this is no file');
  if (!(await isAllowed(file, constants.R_OK))) throw unusable(file, 'no permission to read it');
}

/**
 * SQLite puts its journal beside the file.
 *
 * @throws DatabaseError when the file or its folder may not be written to
 */
export async function checkSqliteWritable(settings: Pick<SqliteSettings, 'file'>): Promise<void> {
  const file = path.resolve(settings.file);
  const writable =
    (await isAllowed(file, constants.W_OK)) &&
    (await isAllowed(path.dirname(file), constants.W_OK));
  if (!writable) throw unusable(file, 'no permission to write to it and its folder');
}

async function isAllowed(file: string, mode: number): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}

function unusable(file: string, why: string): DatabaseError {
  return new DatabaseError(
    `${file}: ${why}; check the path in [database] connection (four slashes make it absolute)`,
    'fatal',
  );
}

async function libsqlClient() {
  const [{ default: BetterSqlite3Client }, { default: Database }] = await Promise.all([
    import('knex/lib/dialects/better-sqlite3/index.js'),
    loadLibsql(),
  ]);

  /** Waits up to a second for the lock of another process. */
  class PatientDatabase extends Database {
    constructor(filename: string) {
      super(filename, { timeout: 1000 });
    }
  }

  /**
   * libsql keeps a prepared statement that failed, with whatever lock it had, until it is garbage. So statements that
   * end a transaction are not prepared, and after another one's failure the connection is not used again.
   */
  return class LibsqlClient extends BetterSqlite3Client {
    override _driver() {
      return PatientDatabase;
    }

    override async _query(connection: Connection, query: { sql: string; response?: unknown }) {
      try {
        if (!/^(BEGIN|COMMIT|ROLLBACK)/.test(query.sql))
          return await super._query(connection, query);
        connection.exec(query.sql);
        return { ...query, response: [] };
      } catch (error) {
        connection.__knex__disposed = error;
        throw error;
      }
    }
  };
}

/** A native package: the program as one file (`npm run bundle`) has it only where it is installed beside it. */
async function loadLibsql() {
  try {
    return await import('libsql');
  } catch (error) {
    if (!isModuleMissing(error)) throw error;
    throw new DatabaseError(
      'this installation has no SQLite: run npm install libsql in the folder of the program, on a machine like this one, ' +
        'or install the whole package glance-store-backfill, which has it',
      'fatal',
    );
  }
}

function isModuleMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
