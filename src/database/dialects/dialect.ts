import type { Row } from '../driver-values.ts';
import type { FailureTable } from '../failures.ts';
import type { GaleraLimits, PageRange, Scope } from '../location-table.ts';

/** A value bound to a `?`; null is NULL, a list is a PostgreSQL array. */
export type Binding = string | number | null | string[] | number[];

/** SQL text with a `?` for each binding. */
export interface Statement {
  readonly sql: string;
  readonly bindings: readonly Binding[];
}

/** Runs statements one after the other on one connection. */
export interface Session {
  /** @returns the rows; none for a statement that gives none */
  query(statement: Statement): Promise<readonly Row[]>;
  /** @returns how many rows the statement found to change, changed or not */
  change(statement: Statement): Promise<number>;
}

/** How a connection will be used. */
export interface SessionOptions {
  /** no statement may need more than the right to read, and every one must work on a replica */
  readonly readOnly: boolean;
  /** `[database] mysql_wsrep_sync_wait`; undefined leaves the server's own */
  readonly wsrepSyncWait: number | undefined;
}

/** What is asked of a server once. */
export interface ServerFacts {
  /** product and version, such as `PostgreSQL 15.14` */
  readonly server: string;
  readonly galera?: GaleraLimits;
}

/** The columns that every statement reading rows names, in this order; of rows read by id `updated_at` follows. */
export const COLUMNS = 'id, image_id, value, meta_data, status, deleted';

/** All that differs from one database to the next: its SQL, its answers, its errors. */
export interface Dialect {
  readonly name: 'mysql' | 'postgresql' | 'sqlite';
  readonly metaDataCapacity: number;
  readonly failures: FailureTable;
  /** Sets up a new connection. */
  prepare(session: Session, options: SessionOptions): Promise<void>;
  describe(session: Session): Promise<ServerFacts>;
  /** Fails as a write would where the server or the user's rights forbid it; writes nothing. */
  checkWritable(session: Session): Promise<void>;
  page(scope: Scope, range: PageRange): Statement;
  /** Statements that open a transaction for writing. */
  readonly begin: readonly Statement[];
  /** Reads rows in key order, with the columns that `lock` gives and without a lock. */
  rows(ids: readonly number[]): Statement;
  /** Reads rows under lock in key order. */
  lock(ids: readonly number[]): Statement;
  /** @param updatedAt `YYYY-MM-DD HH:MM:SS`, UTC */
  update(ids: readonly number[], metaData: string | null, updatedAt: string): Statement;
  /** The rows in what knex gives back for a query. */
  readRows(answer: unknown): readonly Row[];
  /** The number of rows matched, in what knex gives back for an update. */
  readCount(answer: unknown): number;
  /** The socket below a driver's connection; undefined where there is none. */
  socketOf(connection: unknown): unknown;
}

/** A statement without bindings. */
export function plain(sql: string): Statement {
  return { sql, bindings: [] };
}
