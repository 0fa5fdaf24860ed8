/** knex's client for better-sqlite3, which knex does not declare; as much of it as is overridden here. */
declare module 'knex/lib/dialects/better-sqlite3/index.js' {
  import { Knex } from 'knex';

  /** A connection; with `__knex__disposed` set the pool does not lend it again. */
  interface Connection {
    exec(sql: string): unknown;
    __knex__disposed?: unknown;
  }

  class BetterSqlite3Client extends Knex.Client {
    _driver(): unknown;
    _query(connection: Connection, query: { sql: string; response?: unknown }): Promise<unknown>;
  }
  export { BetterSqlite3Client as default, Connection };
}
