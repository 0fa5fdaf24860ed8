import { exitCode, type ExitCode } from '../exit-code.ts';
import { forgetTerminal } from '../terminal.ts';

/** What ends a run early in good order; more remains to be done. */
export type StopReason = 'signal' | 'run-time' | 'throttle';

/** Ends a run early, in good order. */
export interface Stop {
  /** aborted when the run is to end: no new page or batch is begun, those under way are finished */
  readonly signal: AbortSignal;
  /** From now on the first signal ends the run in good order; before, when there is nothing to save, at once. */
  begin(): void;
  /** Ends the run for another reason than a signal. The first reason stays, but for a signal, which outweighs all. */
  end(reason: Exclude<StopReason, 'signal'>): void;
  /** Ends the run for its `run-time` after so many ms. */
  endAfter(ms: number): void;
  /** why the run is to end; undefined while it goes on */
  reason(): StopReason | undefined;
  /** the exit code that tells which signal it was; undefined while there was none */
  signalExitCode(): ExitCode | undefined;
  /** Leaves signals to Node again, and forgets the time. */
  release(): void;
}

/** SIGHUP tells that the terminal is gone: a run is worth as much without it, but nobody could stop it any more. */
const codes = {
  SIGINT: exitCode.interrupted,
  SIGTERM: exitCode.terminated,
  SIGHUP: exitCode.terminated,
} as const;
type SignalName = keyof typeof codes;

/** Listens for signals: the first one stops a run that has begun after the batch under way, a second one at once. */
export function stopOnSignals(): Stop {
  const controller = new AbortController();
  let hasBegun = false;
  let reason: StopReason | undefined;
  let code: ExitCode | undefined;
  let timer: NodeJS.Timeout | undefined;
  const hear = (name: SignalName): void => {
    if (name === 'SIGHUP') forgetTerminal();
    if (!hasBegun) endAtOnce(name);
    if (code !== undefined) {
      // One terminal that is closed may well tell so twice, once by its shell.
      if (name !== 'SIGHUP') process.exit(codes[name]);
      return;
    }
    code = codes[name];
    reason = 'signal';
    controller.abort();
  };
  const end: Stop['end'] = (why) => {
    reason ??= why;
    controller.abort();
  };
  const leave = listen(hear);
  return {
    signal: controller.signal,
    begin() {
      hasBegun = true;
    },
    end,
    endAfter(ms) {
      timer = setTimeout(end, ms, 'run-time');
    },
    reason: () => reason,
    signalExitCode: () => code,
    release() {
      clearTimeout(timer);
      leave();
    },
  };
}

/** @returns what ends the listening */
function listen(hear: (name: SignalName) => void): () => void {
  const names = Object.keys(codes) as SignalName[];
  for (const name of names) process.on(name, hear);
  return () => {
    for (const name of names) process.off(name, hear);
  };
}

function endAtOnce(name: SignalName): never {
  process.stderr.write(`${name} before the run had begun: nothing was written\n`);
  process.exit(codes[name]);
}
