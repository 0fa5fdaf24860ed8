import type { Knex } from 'knex';
import type { DriverConfig } from './dialects/attempt.ts';
import {
  plain,
  type Dialect,
  type Session,
  type SessionOptions,
  type Statement,
} from './dialects/dialect.ts';
import { explainFailure, type Activity, type Peer } from './failures.ts';
import { answerInTime, sever } from './patience.ts';

/** Connections to one database, opened when needed, up to a limit. Failures of the database are DatabaseErrors. */
export interface Sessions {
  /** Lends a connection for as long as `work` runs. */
  use<T>(activity: 'opening' | 'reading', work: (session: Session) => Promise<T>): Promise<T>;
  /** Lends a connection until it is given back. */
  borrow(activity: 'opening' | 'reading'): Promise<Loan>;
  /** Runs `work` in a transaction: committed when it returns, rolled back when it throws. */
  transact(work: (session: Session) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** A connection that nobody else is lent meanwhile. */
export interface Loan {
  readonly session: Session;
  /** To be called once, whatever became of the connection. */
  giveBack(): Promise<void>;
}

/** A database, and how it will be used. */
export interface SessionsConfig {
  readonly driver: DriverConfig;
  readonly dialect: Dialect;
  readonly peer: Peer;
  readonly maxConnections: number;
  readonly session: SessionOptions;
  /** how long a statement waits for its answer (ms); its connection is lost then */
  readonly answerTime: number;
}

/** A connection of the pool, whose errors are the driver's own. */
interface Acquired {
  readonly driver: DriverSession;
  readonly giveBack: () => Promise<void>;
}

/** Makes a pool of connections. None is opened yet. */
export async function createSessions(config: SessionsConfig): Promise<Sessions> {
  const { database, pool } = await createPool(config);

  async function acquire(activity: Activity): Promise<Acquired> {
    const connection = await inOurWords(config, activity, () => pool.acquireConnection());
    return {
      driver: driverSession(config, database, connection),
      giveBack: () => pool.releaseConnection(connection),
    };
  }

  async function lend<T>(
    activity: Activity,
    work: (driver: DriverSession) => Promise<T>,
  ): Promise<T> {
    const { driver, giveBack } = await acquire(activity);
    try {
      return await work(driver);
    } finally {
      await giveBack();
    }
  }

  return {
    async borrow(activity) {
      const { driver, giveBack } = await acquire(activity);
      return { session: explained(config, activity, driver), giveBack };
    },
    use: (activity, work) => lend(activity, (driver) => work(explained(config, activity, driver))),
    transact: (work) => lend('writing', (driver) => transactOn(driver, config, work)),
    close: () => database.destroy(),
  };
}

/** Runs `work` in a transaction on this connection. */
async function transactOn(
  driver: DriverSession,
  config: SessionsConfig,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const session = explained(config, 'writing', driver);
  try {
    for (const statement of config.dialect.begin) await session.query(statement);
    await work(session);
    await explained(config, 'committing', driver).query(plain('COMMIT'));
  } catch (error) {
    // Fails where the connection is gone, or SQLite has rolled back on its own. Whatever else it is that fails:
    // MySQL would commit what is still open when the connection's next transaction begins.
    await driver.query(plain('ROLLBACK')).catch(() => {
      driver.sever('the transaction could not be rolled back');
    });
    throw error;
  }
}

/** The connection's session, with every error in our words. */
function explained(config: SessionsConfig, activity: Activity, driver: Session): Session {
  return {
    query: (statement) => inOurWords(config, activity, () => driver.query(statement)),
    change: (statement) => inOurWords(config, activity, () => driver.change(statement)),
  };
}

async function inOurWords<T>(
  { peer, dialect }: SessionsConfig,
  activity: Activity,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  try {
    return await work();
  } catch (error) {
    const ms = performance.now() - startedAt;
    throw explainFailure(error, { peer, failures: dialect.failures, activity, ms });
  }
}

async function createPool(
  config: SessionsConfig,
): Promise<{ readonly database: Knex; readonly pool: ConnectionPool }> {
  const { dialect, session } = config;
  const database = await createKnex(config, async (connection) => {
    try {
      await dialect.prepare(driverSession(config, database, connection), session);
    } catch (error) {
      void pool.destroyRawConnection(connection).catch(nothing);
      throw error;
    }
  });
  const pool = connectionPool(database);
  return { database, pool };
}

async function createKnex(
  { driver, maxConnections }: SessionsConfig,
  setUp: (connection: unknown) => Promise<void>,
): Promise<Knex> {
  const { default: knex } = await import('knex');
  return knex({
    ...driver,
    // Else knex would ask the server for it, and write to the terminal when the answer puzzles it.
    version: 'latest',
    log: silent,
    // A statement's values have no place in an error.
    compileSqlOnError: false,
    useNullAsDefault: true,
    pool: {
      min: 0,
      max: maxConnections,
      afterCreate: (connection: unknown, done: (error?: unknown) => void) => {
        setUp(connection).then(() => {
          done();
        }, done);
      },
    },
  });
}

/** A session whose errors are the driver's own. */
interface DriverSession extends Session {
  /** Ends the connection at once, so that it is not used again. */
  sever(why: string): void;
}

function driverSession(
  { dialect, answerTime }: SessionsConfig,
  database: Knex,
  connection: unknown,
): DriverSession {
  const socket = dialect.socketOf(connection);
  const answer = ({ sql, bindings }: Statement): Promise<unknown> =>
    answerInTime(socket, answerTime, () =>
      database
        .raw(sql, [...bindings])
        .connection(connection)
        .options({ rowMode: 'array' }),
    );
  return {
    query: async (statement) => dialect.readRows(await answer(statement)),
    change: async (statement) => dialect.readCount(await answer(statement)),
    sever: (why) => {
      sever(socket, why);
    },
  };
}

/** What knex's declarations leave untyped of its client. */
interface ConnectionPool {
  acquireConnection(): Promise<unknown>;
  releaseConnection(connection: unknown): Promise<void>;
  destroyRawConnection(connection: unknown): Promise<void>;
}

function connectionPool(database: Knex): ConnectionPool {
  const client: unknown = database.client;
  if (!isConnectionPool(client)) throw new Error('this version of knex has no connection pool');
  return client;
}

function isConnectionPool(client: unknown): client is ConnectionPool {
  return typeof client === 'object' && client !== null && 'acquireConnection' in client;
}

const nothing = () => undefined;
const silent = { debug: nothing, warn: nothing, error: nothing, deprecate: nothing };
