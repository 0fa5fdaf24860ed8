import { realClock } from '../backfill/clock.ts';
import { createRate, type Rate } from '../backfill/rate.ts';
import {
  type LoadLimit,
  type LoadSignals,
  statusNames,
  unknownLimits,
} from '../backfill/server-load.ts';
import {
  createThrottle,
  longestPause,
  type Load,
  type PauseObserver,
  type Throttle,
} from '../backfill/throttle.ts';
import type { ConnectionSettings } from '../database/connection-settings.ts';
import type { LocationTable } from '../database/location-table.ts';
import { UsageError } from '../errors.ts';
import type { Progress } from '../report/progress.ts';
import type { Terminal } from '../terminal.ts';
import type { Stop } from './stop.ts';

/** @throws UsageError where the database has no status variables that `--max-load` could name */
export function checkMaxLoad(
  limits: readonly LoadLimit[],
  { dialect }: Pick<ConnectionSettings, 'dialect'>,
): void {
  if (limits.length === 0 || dialect === 'mysql') return;
  const name = dialect === 'postgresql' ? 'PostgreSQL' : 'SQLite';
  throw new UsageError(
    `--max-load goes with MariaDB and MySQL only: ${name} has no SHOW GLOBAL STATUS; --max-rate works everywhere`,
  );
}

/** @throws UsageError for a limit on what the server has no number for */
export async function checkStatusNames(
  limits: readonly LoadLimit[],
  table: LocationTable,
): Promise<void> {
  if (limits.length === 0 || table.readStatus === undefined) return;
  const status = await table.readStatus(limits.map(({ name }) => name));
  const unknown = unknownLimits(limits, status).map(({ name }) => name);
  if (unknown.length === 0) return;
  throw new UsageError(
    `--max-load: ${table.description.server} has no status variable ${unknown.join(', ')} that is a number; ` +
      'SHOW GLOBAL STATUS lists them all',
  );
}

/** `--max-rate`, counted from now on; a dry run writes nothing and so waits for nothing. */
export function rateFor(rowsPerSecond: number | undefined): Rate | undefined {
  return rowsPerSecond === undefined ? undefined : createRate(rowsPerSecond, realClock.now());
}

/** Who is told of pauses. */
export interface PauseAudience {
  readonly stop: Pick<Stop, 'end'>;
  readonly terminal: Pick<Terminal, 'alert'>;
  /** shows pauses; `stop` ends what it shows */
  readonly progress: Omit<Progress, 'update'>;
}

export interface ThrottleSetup extends PauseAudience {
  readonly table: LocationTable;
  readonly signals: LoadSignals;
  readonly rate: Rate | undefined;
  readonly stop: Stop;
}

/** Holds a run back in real time. */
export function throttleFor(setup: ThrottleSetup): Throttle {
  return createThrottle({
    load: loadOf(setup),
    rate: setup.rate,
    clock: realClock,
    stop: setup.stop.signal,
    observer: observePauses(setup),
  });
}

/** Shows pauses; one that takes too long ends the run. */
export function observePauses({ stop, terminal, progress }: PauseAudience): PauseObserver {
  return {
    paused(reason) {
      progress.paused(reason);
    },
    resumed(ms) {
      progress.resumed(ms);
    },
    gaveUp(reason) {
      stop.end('throttle');
      progress.stop();
      terminal.alert(
        `paused for ${longestPause / 60_000} minutes without a break, at last for this reason: ${reason}; ` +
          'the run ends here: run it again when the server is calmer',
      );
    },
  };
}

function loadOf({ table, signals }: Pick<ThrottleSetup, 'table' | 'signals'>): Load | undefined {
  const names = statusNames(signals);
  const { readStatus } = table;
  if (names.length === 0 || readStatus === undefined) return undefined;
  return { signals, read: () => readStatus(names) };
}

/** A cluster is heeded by whoever writes: a dry run may well go to a node that is out of step. */
export function heedsGalera(
  table: LocationTable,
  { dryRun }: { readonly dryRun: boolean },
): boolean {
  return table.isGalera && !dryRun;
}
