import { homedir } from 'node:os';
import type { ConnectionSettings, MysqlSettings } from './connection-settings.ts';
import type { Attempt, DriverConfig } from './dialects/attempt.ts';
import {
  plain,
  type Dialect,
  type ServerFacts,
  type Session,
  type SessionOptions,
} from './dialects/dialect.ts';
import { mysql } from './dialects/mysql.ts';
import { mysqlAttempts, mysqlPeer } from './dialects/mysql-driver.ts';
import { postgresql } from './dialects/postgresql.ts';
import { postgresqlAttempts, postgresqlPeer } from './dialects/postgresql-driver.ts';
import { sqlite } from './dialects/sqlite.ts';
import { checkSqliteWritable, sqliteDriver, sqlitePeer } from './dialects/sqlite-driver.ts';
import { DatabaseError } from './errors.ts';
import type { Peer } from './failures.ts';
import type { LocationTable } from './location-table.ts';
import { tellGrant } from './missing-right.ts';
import { applyOptionFile } from './mysql-option-file.ts';
import { readNamedFile } from './connection-files.ts';
import { answerTime } from './patience.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { sqlLocationTable } from './sql-location-table.ts';

/** How the table will be used. */
export interface OpenOptions extends SessionOptions {
  /** batches written at the same time at most */
  readonly writers: number;
  /** how long a statement waits for its answer (ms), if not as long as usual; its connection is lost then */
  readonly answerTime?: number;
}

/** A database, and the ways to try of reaching it. */
interface Target {
  readonly dialect: Dialect;
  readonly peer: Peer;
  readonly attempts: readonly Attempt[];
  /** See `LocationTable.checkWritable`. */
  readonly checkWritable: (sessions: Sessions) => Promise<void>;
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
      const peer = mysqlPeer(complete);
      return { dialect: mysql, peer, attempts, checkWritable: tryToWrite(mysql), maxConnections };
    }
    case 'postgresql': {
      const attempts = await postgresqlAttempts(settings);
      const peer = postgresqlPeer(settings);
      const checkWritable = tryToWrite(postgresql);
      return { dialect: postgresql, peer, attempts, checkWritable, maxConnections };
    }
    case 'sqlite': {
      const attempts = [
        { driver: await sqliteDriver(settings, options), worthAnother: () => false },
      ];
      const checkWritable = () => checkSqliteWritable(settings);
      const peer = sqlitePeer(settings);
      return { dialect: sqlite, peer, attempts, checkWritable, maxConnections: 1 };
    }
  }
}

async function readOptionFile(settings: MysqlSettings): Promise<MysqlSettings> {
  if (settings.optionFile === undefined) return settings;
  const path = settings.optionFile.path.replace(/^~(?=\/)/, homedir());
  return applyOptionFile(settings, await readNamedFile('read_default_file', path));
}

async function open(
  { dialect, peer, maxConnections, checkWritable }: Target,
  driver: DriverConfig,
  options: OpenOptions,
): Promise<LocationTable> {
  const sessions = await createSessions({
    driver,
    dialect,
    peer,
    maxConnections,
    session: options,
    answerTime: options.answerTime ?? answerTime,
  });
  try {
    const facts = await sessions.use('opening', (opening) => examine(opening, dialect));
    if (!options.readOnly) await checkWritable(sessions);
    return sqlLocationTable({
      sessions,
      dialect,
      facts,
      name: peer.database,
      checkWritable: () => checkWritable(sessions),
    });
  } catch (error) {
    await sessions.close();
    throw error;
  }
}

/** Looks for the table and every column that a run reads. */
async function examine(session: Session, dialect: Dialect): Promise<ServerFacts> {
  await tellGrant(session, dialect, 'SELECT', () => session.query(dialect.rows([0])));
  return dialect.describe(session);
}

function tryToWrite(dialect: Dialect): Target['checkWritable'] {
  return (sessions) =>
    sessions.use('opening', (session) =>
      tellGrant(session, dialect, 'SELECT, UPDATE', async () => {
        try {
          for (const statement of dialect.tryToWrite) await session.query(statement);
        } finally {
          await session.query(plain('ROLLBACK'));
        }
      }),
    );
}
