import type { ImageLocation } from '../locations/image-location.ts';

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

/** The new text of one row's `meta_data`. */
export interface MetaDataUpdate {
  readonly id: number;
  readonly metaData: string;
}

/** Server and database, as the report names them. */
export interface DatabaseDescription {
  readonly dialect: 'mysql' | 'postgresql' | 'sqlite';
  /** product and version, such as `MariaDB 10.11.19` */
  readonly server: string;
  /** database name; a SQLite file's path */
  readonly name: string;
}

/** `image_locations`, as the run uses it. Every method may throw DatabaseError. */
export interface LocationTable {
  readonly description: DatabaseDescription;
  /** Most bytes of UTF-8 `meta_data` holds: 65,535 on MySQL, Infinity elsewhere. */
  readonly metaDataCapacity: number;
  /** The highest id in scope or not, 0 for an empty table: rows inserted later are left to the next run. */
  lastId(): Promise<number>;
  /** Rows in scope in key order, read without locks. */
  readPage(scope: Scope, range: PageRange): Promise<ImageLocation[]>;
  /**
   * Reads rows again under lock, lets `settle` decide, writes what it returns, commits: one short transaction.
   * `settle` gets every row of `ids` that still exists, in key order, and must only return updates of those.
   * One attempt: what fails is rolled back and thrown as DatabaseError, whose `kind` says whether to try again.
   *
   * @param ids rows to lock
   * @param updatedAt for column `updated_at`
   */
  rewrite(
    ids: readonly number[],
    updatedAt: Date,
    settle: (rows: readonly ImageLocation[]) => readonly MetaDataUpdate[],
  ): Promise<void>;
  close(): Promise<void>;
}
