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
