/** A run failed after it had written; its journal tells what. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
  readonly journal: string;

  /** @param cause what the run failed with; @param journal path of its journal */
  constructor(cause: unknown, journal: string) {
    super('the run failed after it had begun to write', { cause });
    this.journal = journal;
  }
}

/** The operator asked for something that cannot be done; the message says what and what to do instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A check before the first write advises against the run; the message says why and what to do. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** Another run is at work on the same database; the message says which. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}
