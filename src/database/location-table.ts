import type { ImageLocation } from '../locations/image-location.ts';
import type { UrlKind } from '../locations/url-kinds.ts';
import type { ServerStatus } from './server-status.ts';

/** Which rows a run looks at. */
export interface Scope {
  /** also rows with status `pending_delete`, which only the scrubber reads */
  readonly pendingDelete: boolean;
  /** only these images; undefined for all */
  readonly imageIds: readonly string[] | undefined;
}

/** A stretch of the table in key order: `after < id <= last`, at most `limit` rows. */
export interface PageRange {
  readonly after: number;
  readonly last: number;
  readonly limit: number;
}

/** Rows that are the same but for their image. */
export interface RowKind {
  /** column `value` */
  readonly url: Pick<UrlKind, 'head' | 'tail' | 'exceptions'>;
  /** column `meta_data` */
  readonly metaData: string;
  /** id of a row of the kind */
  readonly example: number;
}

/** The rows of a stretch: how many are of each kind, in the order of the kinds, and the ids of all others. */
export interface KindCounts {
  readonly counts: readonly number[];
  readonly others: readonly number[];
}

/** A row of a kind, which is told by its place in the list of those asked for; undefined for a row of none. */
export interface KindRow {
  readonly id: number;
  readonly imageId: string;
  readonly kind: number | undefined;
}

/** A row as it stands under lock. */
export interface LockedLocation extends ImageLocation {
  readonly status: string;
  readonly deleted: boolean;
  /** UTC, `YYYY-MM-DD HH:MM:SS`, with a fraction where the database keeps one that is not zero */
  readonly updatedAt: string | null;
}

/** The new text of one row's `meta_data`; null only where an undo puts NULL back. */
export interface MetaDataUpdate {
  readonly id: number;
  readonly metaData: string | null;
}

/** Rows of one kind, and the text of `meta_data` that they are to get. */
export interface KindUpdate {
  readonly kind: RowKind;
  readonly metaData: string;
  readonly ids: readonly number[];
}

/** Server and database, as the report names them. */
export interface DatabaseDescription {
  readonly dialect: 'mysql' | 'postgresql' | 'sqlite';
  /** product and version, such as `MariaDB 10.11.19` */
  readonly server: string;
  /** database name; a SQLite file's path */
  readonly name: string;
}

/** Who holds the lock, as far as the server tells; all undefined when it was freed meanwhile. */
export interface LockHolder {
  /** the connection's number on MySQL, the process of the server on PostgreSQL */
  readonly connection: number | undefined;
  /** the other end of the connection as the server sees it, maybe a proxy */
  readonly from: string | undefined;
  /** UTC, `YYYY-MM-DD HH:MM:SS`; it may have held the lock for longer */
  readonly since: string | undefined;
}

/**
 * What came of asking for the lock that keeps two runs apart. `held`: by another run. `refused`: the server gives
 * none, in its own words. `unneeded`: the database is a file that one transaction at a time locks whole.
 */
export type LockAttempt =
  | { readonly kind: 'taken' }
  | { readonly kind: 'held'; readonly holder: LockHolder }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'unneeded' };

/** `image_locations`, as the run uses it. Every method may throw DatabaseError. */
export interface LocationTable {
  readonly description: DatabaseDescription;
  /** Most bytes of UTF-8 `meta_data` holds: 65,535 on MySQL, Infinity elsewhere. */
  readonly metaDataCapacity: number;
  /** whether the server is a node of a Galera cluster, which replicates a transaction as a whole */
  readonly isGalera: boolean;
  /** the most rows a transaction may write, Infinity without a limit */
  readonly maxBatchRows: number;
  /**
   * Throws a DatabaseError that says why a run that writes would be refused; writes nothing. One opened for writing
   * has passed.
   */
  checkWritable(): Promise<void>;
  /**
   * Takes the lock that keeps other runs off this database, to be freed by `close`. Never throws what the database
   * does.
   */
  lock(): Promise<LockAttempt>;
  /** Reads status variables of these names. Absent where the server has none. */
  readonly readStatus?: (names: readonly string[]) => Promise<ServerStatus>;
  /** The highest id in scope or not, 0 for an empty table: rows inserted later are left to the next run. */
  lastId(): Promise<number>;
  /** Rows in scope in key order, read without locks. */
  readPage(scope: Scope, range: PageRange): Promise<ImageLocation[]>;
  /**
   * Counts rows in scope by kind, without locks; byte by byte, so a row that differs in nothing but case is another's.
   *
   * @param range `limit` is for the rows of no kind
   * @returns undefined when there are more of those
   */
  countKinds(
    scope: Scope,
    range: PageRange,
    kinds: readonly RowKind[],
  ): Promise<KindCounts | undefined>;
  /** Rows in scope in key order with their kinds, without locks; compared as `countKinds` does. */
  listKinds(scope: Scope, range: PageRange, kinds: readonly RowKind[]): Promise<KindRow[]>;
  /**
   * Those rows of `ids` that exist, in scope or not, in key order, as they would stand under lock; read without locks.
   */
  readRows(ids: readonly number[]): Promise<LockedLocation[]>;
  /**
   * Reads rows again under lock, lets `settle` decide, writes what it returns, commits: one short transaction.
   * `settle` gets every row of `ids` that still exists, in key order, and must only return updates of those.
   * One attempt: what fails is rolled back and thrown as DatabaseError, whose `kind` says whether to try again.
   * What `settle` throws is thrown on as it is, and nothing is written.
   *
   * @param ids rows to lock
   * @param updatedAt for column `updated_at`; written in whole seconds, as MySQL keeps it
   */
  rewrite(
    ids: readonly number[],
    updatedAt: Date,
    settle: (rows: readonly LockedLocation[]) => readonly MetaDataUpdate[],
  ): Promise<void>;
  /**
   * Writes rows that nobody needs to see again: the statement that writes them compares them, too, byte by byte.
   * One short transaction, in which either all are written or none. Fails as `rewrite` does.
   *
   * @param updates rows that are each expected to be in scope and of their kind, and no other
   * @returns whether they were written: false when one of them, at least, is not as expected, or the server cannot do
   *   this politely
   */
  rewriteKinds(scope: Scope, updates: readonly KindUpdate[], updatedAt: Date): Promise<boolean>;
  close(): Promise<void>;
}
