/**
 * What a failed statement means for the run.
 *
 * `transient`: rolled back, since the database is away or takes no work for now; the same again may succeed.
 * `contended`: rolled back after it took too long or met another transaction, so that fewer rows at a time may succeed
 * sooner. `too-large`: rolled back, fewer rows at a time may fit. `killed`: somebody ended the query on purpose.
 * `commit-unknown`: the connection was lost at COMMIT, so it may have taken or not. `commit-refused`: COMMIT was
 * answered with an error that does not pass and does not say whether it took. `fatal`: stop.
 */
export type FailureKind =
  | 'transient'
  | 'contended'
  | 'too-large'
  | 'killed'
  | 'commit-unknown'
  | 'commit-refused'
  | 'fatal';

/** What a driver threw, without the SQL text and the values that drivers attach to it. */
export interface DriverError {
  /** MySQL's error number, a SQLSTATE of PostgreSQL, SQLite's result code, or Node's code for a socket; may be empty */
  readonly code: string;
  /** the words of server or driver */
  readonly said: string;
}

/** The database failed or refused, told in one message for the operator; holds no password and no URL. */
export class DatabaseError extends Error {
  readonly kind: FailureKind;
  override readonly cause: DriverError | undefined;

  constructor(message: string, kind: FailureKind, cause?: DriverError) {
    super(message);
    this.name = 'DatabaseError';
    this.kind = kind;
    this.cause = cause;
  }
}
