/** The process's exit codes, by what they say; `--help` and the README explain them. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  rowsToWrite: 3,
  rowsLeft: 4,
  stopped: 5,
  /** as sysexits.h has it: try again later */
  locked: 75,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

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

/** A check before the first write says that the run had better not begin; the message says why and what to do. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** Another run is at work on the same database; the message says which. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}
