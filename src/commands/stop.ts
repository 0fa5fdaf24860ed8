import { exitCode, type ExitCode } from '../exit-code.ts';

/** Ends a run early, in good order. */
export interface Stop {
  /** aborted at the first SIGINT or SIGTERM */
  readonly signal: AbortSignal;
  /** the exit code that tells which signal it was; undefined while there was none */
  exitCode(): ExitCode | undefined;
  /** Leaves signals to Node again. */
  release(): void;
}

const codes = { SIGINT: exitCode.interrupted, SIGTERM: exitCode.terminated } as const;

/** Listens for SIGINT and SIGTERM: the first one stops the run after the batch under way, a second one at once. */
export function stopOnSignals(): Stop {
  const controller = new AbortController();
  let code: ExitCode | undefined;
  const listen = (name: keyof typeof codes) => (): void => {
    if (code !== undefined) process.exit(codes[name]);
    code = codes[name];
    controller.abort();
  };
  const listeners = { SIGINT: listen('SIGINT'), SIGTERM: listen('SIGTERM') };
  process.on('SIGINT', listeners.SIGINT).on('SIGTERM', listeners.SIGTERM);
  return {
    signal: controller.signal,
    exitCode: () => code,
    release() {
      process.off('SIGINT', listeners.SIGINT).off('SIGTERM', listeners.SIGTERM);
    },
  };
}
