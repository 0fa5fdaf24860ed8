import type { Ending } from '../backfill/loop-options.ts';
import { openLocationTable } from '../database/connect.ts';
import type { LocationTable } from '../database/location-table.ts';
import { DatabaseError } from '../database/errors.ts';
import { RefusedError, RunFailure } from '../errors.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { JournalError } from '../journal/errors.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournaledDatabase } from '../journal/journaled-database.ts';
import type { WritingOptions } from '../options.ts';
import { noProgress } from '../report/progress.ts';
import type { StoppedBy } from '../report/report.ts';
import type { Terminal } from '../terminal.ts';
import type { ConfiguredDatabase } from './database.ts';
import {
  checkRoom,
  findJournaledDatabase,
  openRunJournal,
  type RunHeader,
  type RunJournalPlace,
} from './run-journal.ts';
import { suitV8 } from './v8.ts';
import { retryFor } from './retry.ts';
import { lockRun } from './run-lock.ts';
import { type Stop, stopOnSignals } from './stop.ts';
import { pace } from './pace.ts';

/** What a run of a command that writes has at hand. */
export interface Run {
  readonly terminal: Terminal;
  readonly table: LocationTable;
  /** the database as the journal names it */
  readonly journaled: JournaledDatabase;
  /** the run's own */
  readonly journal: Journal;
  /** of a dry run: what a run that writes would be refused for */
  readonly refusals: readonly string[];
  readonly stop: Stop;
}

/** How a run is opened. */
export interface RunSetup {
  readonly options: Pick<WritingOptions, 'dryRun' | 'writers' | 'runTime'>;
  readonly database: ConfiguredDatabase;
  readonly place: RunJournalPlace;
  /** the head of its journal, but for what the database says of itself */
  readonly header: Omit<RunHeader, 'database'>;
  /** Refuses a database that this run has no business in. Throws UsageError. */
  readonly check: (table: LocationTable) => void | Promise<void>;
}

/**
 * Opens database and journal, lets `conduct` do the run, and closes the database. The journal is made by the first
 * batch. A dry run is not refused for what it can do without, but warns of it.
 *
 * @throws DatabaseError when the database cannot be used, JournalError when there is no room for the journal,
 *   UsageError when the database is not to be used, LockedError while another run is at work, and what `conduct` throws
 */
export async function openRun(
  { options, database, place, header, check }: RunSetup,
  terminal: Terminal,
  conduct: (run: Run) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { dryRun, writers, runTime } = options;
  const mode = dryRun ? 'dry-run' : 'apply';
  suitV8();
  const stop = stopOnSignals();
  if (runTime !== undefined) stop.endAfter(runTime);
  try {
    if (!dryRun) await checkRoom(place);
    const table = await openLocationTable(database.settings, {
      writers: writers ?? pace.writers,
      wsrepSyncWait: database.wsrepSyncWait,
      readOnly: dryRun,
    });
    try {
      await check(table);
      const refusals = dryRun ? await foretellRefusals(table, place) : [];
      for (const why of refusals) terminal.warn(warnOfRefusal(why));
      await lockRun(table, options, terminal);
      const retry = { retry: retryFor({ terminal, progress: noProgress }), stop: stop.signal };
      const journaled = await findJournaledDatabase(table, mode, retry);
      const journal = openRunJournal(place, mode, { ...header, database: journaled });
      stop.begin();
      return await conduct({ terminal, table, journaled, journal, refusals, stop });
    } finally {
      await table.close();
    }
  } finally {
    stop.release();
  }
}

/** What a run that writes would be refused for before it looks at any row. Writes nothing. */
export async function foretellRefusals(
  table: LocationTable,
  place: RunJournalPlace,
): Promise<readonly string[]> {
  const checks = [() => checkRoom(place), () => table.checkWritable()];
  const refusals: string[] = [];
  for (const check of checks) {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof DatabaseError || error instanceof JournalError)) throw error;
      refusals.push(error.message);
    }
  }
  return refusals;
}

/** What a dry run says. */
export function warnOfRefusal(why: string): string {
  return `without --dry-run this run would be refused: ${why}`;
}

/** How a run ended, as its report tells it. */
export interface RunEnd<E extends Ending> {
  /** undefined when the run failed */
  readonly ending: E | undefined;
  readonly stoppedBy: StoppedBy | null;
  readonly exitCode: ExitCode;
}

/** What makes up a run. */
export interface RunSteps<E extends Ending> {
  readonly work: () => Promise<E>;
  /** the exit code of a run that came to its end */
  readonly codeWhenComplete: () => ExitCode;
  readonly report: (end: RunEnd<E>) => Promise<void>;
}

/**
 * Does the work, closes the journal and reports: also when the work failed, since what was written stays written and
 * the operator must know. Of work that was refused there is nothing to report.
 *
 * @throws RefusedError as the work does; what the work failed with, unless a signal had come: the exit code tells of
 *   that, and stderr of the failure
 */
export async function runAndReport<E extends Ending>(
  run: Run,
  { work, codeWhenComplete, report }: RunSteps<E>,
): Promise<ExitCode> {
  const result = await workAndClose(work, run.journal);
  if ('error' in result && result.error instanceof RefusedError) throw result.error;
  const end: RunEnd<E> = {
    ending: 'ending' in result ? result.ending : undefined,
    stoppedBy: stoppedBy(result, run.stop),
    exitCode: run.stop.signalExitCode() ?? codeOf(result, codeWhenComplete),
  };
  try {
    await report(end);
  } finally {
    if ('error' in result) tellFailure(result.error, run);
  }
  return end.exitCode;
}

type WorkResult<E extends Ending> = { readonly ending: E } | { readonly error: unknown };

/** @returns what failed first, if anything did */
async function workAndClose<E extends Ending>(
  work: () => Promise<E>,
  journal: Journal,
): Promise<WorkResult<E>> {
  const result = await resultOf(work());
  const closing = await resultOf(journal.close().then((): Ending => ({ kind: 'complete' })));
  return 'ending' in result && 'error' in closing ? closing : result;
}

function resultOf<E extends Ending>(work: Promise<E>): Promise<WorkResult<E>> {
  return work.then(
    (ending) => ({ ending }),
    (error: unknown) => ({ error }),
  );
}

function stoppedBy(result: WorkResult<Ending>, stop: Stop): StoppedBy | null {
  if ('error' in result) return 'error';
  switch (result.ending.kind) {
    case 'complete':
      return null;
    case 'max-count':
      return 'max-count';
    case 'stopped':
      return stop.reason() ?? null;
  }
}

function codeOf(result: WorkResult<Ending>, codeWhenComplete: () => ExitCode): ExitCode {
  if ('error' in result) return exitCode.failed;
  return result.ending.kind === 'complete' ? codeWhenComplete() : exitCode.stopped;
}

function tellFailure(error: unknown, { stop, journal, terminal }: Run): void {
  const path = journal.path();
  if (stop.signalExitCode() === undefined) {
    throw path === null ? error : new RunFailure(error, path);
  }
  terminal.error(error instanceof Error ? error.message : String(error));
}
