import { DatabaseError } from '../database/errors.ts';
import type { ServerStatus } from '../database/server-status.ts';
import type { Clock } from './clock.ts';
import type { Rate } from './rate.ts';
import {
  judgeLoad,
  type LoadSignals,
  type StatusReading,
  type LoadVerdict,
} from './server-load.ts';

/** Holds a run back. Every wait ends at once when the run is to end, which the caller checks afterwards. */
export interface Throttle {
  /** Waits while the server is too busy for more work. */
  pass(): Promise<void>;
  /** Waits until so many rows may be written, too. */
  passRows(rows: number): Promise<void>;
}

/** Told of pauses. Must not throw. */
export interface PauseObserver {
  /** a pause began, or goes on, for this reason */
  paused(reason: string): void;
  /** a pause is over; it took `ms` */
  resumed(ms: number): void;
  /** a pause took too long: the observer ends the run */
  gaveUp(reason: string): void;
}

/** The server's load, and what is made of it. */
export interface Load {
  readonly signals: LoadSignals;
  /** Reads the variables that `statusNames` names. */
  read(): Promise<ServerStatus>;
}

export interface ThrottleOptions {
  /** undefined where there is nothing to heed */
  readonly load: Load | undefined;
  readonly rate: Rate | undefined;
  readonly clock: Clock;
  /** aborted: the run is to end */
  readonly stop: AbortSignal;
  readonly observer: PauseObserver;
}

/** For how long a reading that let the run go on is good; how long a pause waits for the next one (ms). */
const goodFor = 250;
const betweenReadings = 1_000;

/** The longest wait for a reading, and the longest pause without a break (ms). */
const longestReading = 5_000;
export const longestPause = 600_000;

/** May be used by several at a time: they wait for the same reading. */
export function createThrottle(options: ThrottleOptions): Throttle {
  const { load, rate, clock, stop } = options;
  const pass = load === undefined ? () => Promise.resolve() : createLoadGate({ ...options, load });
  return {
    pass,
    async passRows(rows) {
      const waitMs = rate?.reserve(rows, clock.now()) ?? 0;
      if (waitMs > 0) await clock.sleep(waitMs, stop);
      await pass();
    },
  };
}

type GateOptions = ThrottleOptions & { readonly load: Load };

function createLoadGate(options: GateOptions): () => Promise<void> {
  const { clock, stop } = options;
  const look = createLook(options);
  let calmAt = -Infinity;
  let waiting: Promise<void> | undefined;

  const waitForCalm = async (): Promise<void> => {
    if (await waitWhilePaused(look, options)) calmAt = clock.now();
  };
  return async () => {
    if (stop.aborted || clock.now() - calmAt < goodFor) return;
    waiting ??= waitForCalm().finally(() => (waiting = undefined));
    await waiting;
  };
}

/** @returns whether the server is calm; false when the run is to end */
async function waitWhilePaused(
  look: () => Promise<LoadVerdict>,
  { clock, stop, observer }: GateOptions,
): Promise<boolean> {
  let pausedAt: number | undefined;
  const isOver = (): boolean => stop.aborted;
  while (!isOver()) {
    const verdict = await look();
    if (isOver()) return false;
    if (verdict.kind === 'go') {
      if (pausedAt !== undefined) observer.resumed(clock.now() - pausedAt);
      return true;
    }
    pausedAt ??= clock.now();
    if (clock.now() - pausedAt >= longestPause) {
      observer.gaveUp(verdict.reason);
      return false;
    }
    observer.paused(verdict.reason);
    await clock.sleep(betweenReadings, stop);
  }
  return false;
}

/** Reads and judges. A load that cannot be told pauses the run, since it may be any. */
function createLook({ load, clock, stop }: GateOptions): () => Promise<LoadVerdict> {
  let last: StatusReading | undefined;
  let reading: Promise<ServerStatus> | undefined;
  return async () => {
    try {
      // One at a time: a reading that hangs has its connection to itself.
      reading ??= load.read().finally(() => (reading = undefined));
      const status = await within(reading, longestReading, { clock, stop });
      if (status === undefined) return unreadable(`no answer in ${longestReading / 1_000} s`);
      const now = { status, at: clock.now() };
      const verdict = judgeLoad(load.signals, now, last);
      last = now;
      return verdict;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return unreadable(error.message);
    }
  };
}

function unreadable(why: string): LoadVerdict {
  return { kind: 'pause', reason: `the server's load cannot be read: ${why}` };
}

/** What `work` comes to; undefined when it takes longer than `ms`, or the run is to end. */
async function within<T>(
  work: Promise<T>,
  ms: number,
  { clock, stop }: { readonly clock: Clock; readonly stop: AbortSignal },
): Promise<T | undefined> {
  const over = new AbortController();
  const end = (): void => {
    over.abort();
  };
  stop.addEventListener('abort', end);
  try {
    return await Promise.race([work, clock.sleep(ms, over.signal).then(() => undefined)]);
  } finally {
    stop.removeEventListener('abort', end);
    end();
  }
}
