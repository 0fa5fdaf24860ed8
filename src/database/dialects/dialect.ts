import type { Row } from '../driver-values.ts';
import type { FailureTable } from '../failures.ts';
import type { KindUpdate, LockHolder, PageRange, RowKind, Scope } from '../location-table.ts';

/** A value bound to a `?`; null is NULL, a list is a PostgreSQL array. */
export type Binding = string | number | null | string[] | number[];

/** Rows that get the same text of `meta_data`. */
export interface TextUpdate {
  readonly metaData: string | null;
  readonly ids: readonly number[];
}

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

/** Longest time (ms) that reading rows under lock may take in all: so long may Glance wait for rows already locked. */
export const longestLook = 1_200;

/**
 * How long (s) a transaction of ours may wait for our next statement before the server rolls it back: were this process
 * stopped, or its network dead, its locks would hold Glance up until the server found out.
 */
export const longestIdle = 2;

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
  readonly isGalera: boolean;
  /** whether a statement may write rows that nobody has looked at: it waits for locks for a moment, and locks no others */
  readonly writesUnseen: boolean;
  /** the most rows a transaction may write, Infinity without a limit */
  readonly maxBatchRows: number;
}

/** The columns of a page, in this order. No more: a run reads the whole table, and each column costs it time. */
export const pageColumns = ['id', 'image_id', 'value', 'meta_data'] as const;

/** The columns of rows read by id; `updated_at` follows, as text. */
export const lockColumns = [...pageColumns, 'status', 'deleted'] as const;

/** The lock that keeps two runs on one database apart; it lasts as long as its connection. */
export interface AdvisoryLockSql {
  /** Takes it or not, at once. Whoever refuses to say leaves it `unknown`. */
  take(session: Session): Promise<'taken' | 'held' | 'unknown'>;
  findHolder(session: Session): Promise<LockHolder>;
  readonly release: Statement;
}

/** Whom a right is to be given, and on what, as GRANT names them. */
export interface Grantee {
  readonly table: string;
  readonly user: string;
}

/** How a missing right is known and given. */
export interface GrantSql {
  /** codes of the errors that tell of it */
  readonly missing: readonly string[];
  findGrantee(session: Session): Promise<Grantee>;
}

/** All that differs from one database to the next: its SQL, its answers, its errors. */
export interface Dialect {
  readonly name: 'mysql' | 'postgresql' | 'sqlite';
  readonly metaDataCapacity: number;
  readonly failures: FailureTable;
  /** Sets up a new connection. */
  prepare(session: Session, options: SessionOptions): Promise<void>;
  describe(session: Session): Promise<ServerFacts>;
  /**
   * Statements of a transaction that fails as a write would where the server or the user's rights forbid it; it writes
   * nothing.
   */
  readonly tryToWrite: readonly Statement[];
  /** undefined where there are no rights to give */
  readonly grants: GrantSql | undefined;
  /** Reads status variables, name and value a row; undefined where there are none. */
  readonly status: ((names: readonly string[]) => Statement) | undefined;
  /** undefined where it needs none */
  readonly advisoryLock: AdvisoryLockSql | undefined;
  page(scope: Scope, range: PageRange): Statement;
  /**
   * Counts the rows of a stretch: each row of the answer is a number and a count. A kind's number is -1 for the first
   * one, -2 for the second …; a row of no kind has its id for number. At most `limit` and the kinds are counted.
   */
  countKinds(scope: Scope, range: PageRange, kinds: readonly RowKind[]): Statement;
  /**
   * Lists the rows of a stretch in key order, at most `limit`: id, image id and the number of the kind, as
   * `countKinds` has it.
   */
  listKinds(scope: Scope, range: PageRange, kinds: readonly RowKind[]): Statement;
  /** Statements that open a transaction for writing. */
  readonly begin: readonly Statement[];
  /** Reads rows in key order, with the columns that `lock` gives and without a lock. */
  rows(ids: readonly number[]): Statement;
  /**
   * Reads rows under lock in key order. Takes little more than a second, all waits together: for so long Glance may
   * have to wait for the rows that are locked already.
   */
  lock(ids: readonly number[]): Statement;
  /** Statements between the locked look and the updates. */
  readonly afterLock: readonly Statement[];
  /** @param updatedAt `YYYY-MM-DD HH:MM:SS`, UTC */
  update(updates: readonly TextUpdate[], updatedAt: string): Statement;
  /**
   * Updates those rows that are in scope and of the kind they are given with, byte by byte, each to its kind's text.
   * Takes locks as `lock` does, and no longer.
   *
   * @param updatedAt `YYYY-MM-DD HH:MM:SS`, UTC
   */
  updateKinds(scope: Scope, updates: readonly KindUpdate[], updatedAt: string): Statement;
  /** The rows in what knex gives back for a query. */
  readRows(answer: unknown): readonly Row[];
  /** The number of rows matched, in what knex gives back for an update. */
  readCount(answer: unknown): number;
  /** The socket below a driver's connection; undefined where there is none. */
  socketOf(connection: unknown): unknown;
}

/**
 * An update that matches no row, and would change none: it demands the rights to both columns, and a server that can
 * write.
 */
export const idleUpdate = plain(
  'UPDATE image_locations SET meta_data = meta_data, updated_at = updated_at WHERE id = 0',
);

/** A statement without bindings. */
export function plain(sql: string): Statement {
  return { sql, bindings: [] };
}
