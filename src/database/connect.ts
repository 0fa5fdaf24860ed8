import { homedir } from 'node:os';
import type { ConnectionSettings, MysqlSettings } from './connection-settings.ts';
import type { Attempt, DriverConfig } from './dialects/attempt.ts';
import type { Dialect, ServerFacts, Session, SessionOptions } from './dialects/dialect.ts';
import { mysql } from './dialects/mysql.ts';
import { mysqlAttempts, mysqlPeer } from './dialects/mysql-driver.ts';
import { postgresql } from './dialects/postgresql.ts';
import { postgresqlAttempts, postgresqlPeer } from './dialects/postgresql-driver.ts';
import { sqlite } from './dialects/sqlite.ts';
import { sqliteDriver, sqlitePeer } from './dialects/sqlite-driver.ts';
import { DatabaseError } from './errors.ts';
import type { Peer } from './failures.ts';
import type { LocationTable } from './location-table.ts';
import { applyOptionFile } from './mysql-option-file.ts';
import { readNamedFile } from './named-files.ts';
import { openSessions } from './sessions.ts';
import { sqlLocationTable } from './sql-location-table.ts';

/** How the table will be used. */
export interface OpenOptions extends SessionOptions {
  /** batches written at the same time at most */
  readonly writers: number;
}

/** A database, and the ways to try of reaching it. */
interface Target {
  readonly dialect: Dialect;
  readonly peer: Peer;
  readonly attempts: readonly Attempt[];
  /** connections beside each other; for SQLite one, whose driver blocks while it waits for a lock */
  readonly maxConnections: number;
}

/**
 * Connects to Glance's database and makes sure that it is one that this program can use: the table is there, the user
 * may read it and, unless `readOnly`, write to it.
 *
 * @throws DatabaseError of kind `fatal`, with what is wrong in one message
 */
export async function openLocationTable(
  settings: ConnectionSettings,
  options: OpenOptions,
): Promise<LocationTable> {
  const target = await findTarget(settings, options);
  let refusal: unknown;
  for (const attempt of target.attempts) {
    try {
      return await open(target, attempt.driver, options);
    } catch (error) {
      // The first way is the one the operator asked for, so what is wrong with it is told.
      refusal ??= error;
      const cause = error instanceof DatabaseError ? error.cause : undefined;
      if (cause === undefined || !attempt.worthAnother(cause)) break;
    }
  }
  throw refusal;
}

async function findTarget(settings: ConnectionSettings, options: OpenOptions): Promise<Target> {
  // Two to read pages, one for the lock, one for whatever comes up besides.
  const maxConnections = options.writers + 4;
  switch (settings.dialect) {
    case 'mysql': {
      const complete = await readOptionFile(settings);
      const attempts = await mysqlAttempts(complete);
      return { dialect: mysql, peer: mysqlPeer(complete), attempts, maxConnections };
    }
    case 'postgresql': {
      const attempts = await postgresqlAttempts(settings);
      return { dialect: postgresql, peer: postgresqlPeer(settings), attempts, maxConnections };
    }
    case 'sqlite': {
      const attempts = [
        { driver: await sqliteDriver(settings, options), worthAnother: () => false },
      ];
      return { dialect: sqlite, peer: sqlitePeer(settings), attempts, maxConnections: 1 };
    }
  }
}

async function readOptionFile(settings: MysqlSettings): Promise<MysqlSettings> {
  if (settings.optionFile === undefined) return settings;
  const path = settings.optionFile.path.replace(/^~(?=\/)/, homedir());
  return applyOptionFile(settings, await readNamedFile('read_default_file', path));
}

async function open(
  { dialect, peer, maxConnections }: Target,
  driver: DriverConfig,
  session: SessionOptions,
): Promise<LocationTable> {
  const sessions = await openSessions({ driver, dialect, peer, maxConnections, session });
  try {
    const facts = await sessions.use('opening', (opening) => examine(opening, dialect, session));
    return sqlLocationTable({ sessions, dialect, facts, name: peer.database });
  } catch (error) {
    await sessions.close();
    throw error;
  }
}

/** Asks for all that the run will need. */
async function examine(
  session: Session,
  dialect: Dialect,
  { readOnly }: SessionOptions,
): Promise<ServerFacts> {
  const scope = { pendingDelete: true, imageIds: undefined };
  await session.query(dialect.page(scope, { after: 0, last: 0, limit: 1 }));
  if (!readOnly) await dialect.checkWritable(session);
  return dialect.describe(session);
}
