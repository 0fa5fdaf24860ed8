/**
 * What a failed statement means for the run.
 *
 * `transient`: rolled back, the same again may succeed. `killed`: somebody ended the query on purpose.
 * `commit-unknown`: the connection was lost at COMMIT, so it may have taken or not. `fatal`: stop.
 */
export type FailureKind = 'transient' | 'killed' | 'commit-unknown' | 'fatal';

/** The database failed or refused, told in one message for the operator; holds no password and no URL. */
export class DatabaseError extends Error {
  readonly kind: FailureKind;

  constructor(message: string, kind: FailureKind, cause?: unknown) {
    super(message, { cause });
    this.name = 'DatabaseError';
    this.kind = kind;
  }
}
