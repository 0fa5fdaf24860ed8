import { exitCode, type ExitCode } from '../exit-code.ts';

/** What ends a run early in good order; more remains to be done. */
export type StopReason = 'signal' | 'max-count' | 'run-time' | 'throttle';

/** Ends a run early, in good order. */
export interface Stop {
  /** aborted when the run is to end: no new page or batch is begun, those under way are finished */
  readonly signal: AbortSignal;
  /** Ends the run for another reason than a signal. The first reason stays, but for a signal, which outweighs all. */
  end(reason: Exclude<StopReason, 'signal'>): void;
  /** why the run is to end; undefined while it goes on */
  reason(): StopReason | undefined;
  /** the exit code that tells which signal it was; undefined while there was none */
  signalExitCode(): ExitCode | undefined;
  /** Leaves signals to Node again. */
  release(): void;
}

const codes = { SIGINT: exitCode.interrupted, SIGTERM: exitCode.terminated } as const;

/** Listens for SIGINT and SIGTERM: the first one stops the run after the batch under way, a second one at once. */
export function stopOnSignals(): Stop {
  const controller = new AbortController();
  let reason: StopReason | undefined;
  let code: ExitCode | undefined;
  const listen = (name: keyof typeof codes) => (): void => {
    if (code !== undefined) process.exit(codes[name]);
    code = codes[name];
    reason = 'signal';
    controller.abort();
  };
  const listeners = { SIGINT: listen('SIGINT'), SIGTERM: listen('SIGTERM') };
  process.on('SIGINT', listeners.SIGINT).on('SIGTERM', listeners.SIGTERM);
  return {
    signal: controller.signal,
    end(why) {
      reason ??= why;
      controller.abort();
    },
    reason: () => reason,
    signalExitCode: () => code,
    release() {
      process.off('SIGINT', listeners.SIGINT).off('SIGTERM', listeners.SIGTERM);
    },
  };
}
