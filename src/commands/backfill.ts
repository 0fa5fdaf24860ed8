import {
  type Backfill,
  type BackfillObserver,
  runBackfill,
  usualPageSize,
} from '../backfill/backfill.ts';
import { cutToRate } from '../backfill/rate.ts';
import { openLocationTable } from '../database/connect.ts';
import type { LocationTable, Scope } from '../database/location-table.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { JournalError } from '../journal/errors.ts';
import type { Journal } from '../journal/journal.ts';
import { pruneJournals } from '../journal/prune-journals.ts';
import { createClaimTest } from '../locations/claim.ts';
import { createDecider } from '../locations/decide.ts';
import { createDecrypter } from '../locations/encryption.ts';
import { createKindMatcher } from '../locations/matcher.ts';
import { createMetaDataReader } from '../locations/meta-data.ts';
import type { BackfillOptions } from '../options.ts';
import { type Progress, startProgress } from '../report/progress.ts';
import { renderReportTable } from '../report/report-table.ts';
import { type BackfillReport, buildReport } from '../report/report.ts';
import { isListed, openRowsFile, type RowsFile } from '../report/rows-file.ts';
import { type RowCounts, Tally } from '../report/tally.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';
import { type ConfiguredDatabase, configureDatabase } from './database.ts';
import { checkOutputFiles, writeReportFile } from './report-file.ts';
import {
  checkKeepJournals,
  chooseJournalPlace,
  journaledDatabase,
  openRunJournal,
  type RunJournalPlace,
} from './run-journal.ts';
import { lockRun } from './run-lock.ts';
import { both, enabledStoreIds, readConf, type Setup, setUpStores } from './setup.ts';
import { type Stop, stopOnSignals } from './stop.ts';
import { checkMaxLoad, checkStatusNames, heedsGalera, rateFor, throttleFor } from './throttle.ts';
import {
  batchSizeFor,
  type Failure,
  keepHeapSmall,
  modeOf,
  pace,
  paceOf,
  retryFor,
  runError,
  workAndClose,
} from './writing.ts';

/** Everything one run works with. */
interface Run {
  readonly options: BackfillOptions;
  readonly terminal: Terminal;
  readonly setup: Setup;
  readonly database: ConfiguredDatabase;
  readonly table: LocationTable;
  readonly place: RunJournalPlace;
  readonly journal: Journal;
  readonly tally: Tally;
  readonly stop: Stop;
}

/** `backfill`: decides every row in scope and writes, or with `--dry-run` would write, what is to be written. */
export async function backfill(options: BackfillOptions, terminal: Terminal): Promise<ExitCode> {
  checkOutputFiles(options);
  const place = await chooseJournalPlace(options.journal);
  checkKeepJournals(options.keepJournals, place);
  const loaded = readConf(options, terminal);
  const [setup, database] = both(
    () => setUpStores(loaded, options, terminal),
    () => configureDatabase(loaded.conf),
  );
  checkMaxLoad(options.maxLoad, database.settings);
  if (!options.dryRun) keepHeapSmall();
  const stop = stopOnSignals();
  const table = await openLocationTable(database.settings, {
    writers: options.writers ?? pace.writers,
    wsrepSyncWait: database.wsrepSyncWait,
    readOnly: options.dryRun,
  });
  try {
    await checkStatusNames(options.maxLoad, table);
    await lockRun(table, options, terminal);
    const stores = enabledStoreIds(setup);
    const journal = openRunJournal(place, modeOf(options), {
      database: journaledDatabase(table.description),
      confFingerprint: loaded.fingerprint,
      stores,
      undoes: null,
    });
    const tally = new Tally(stores);
    const run = { options, terminal, setup, database, table, place, journal, tally, stop };
    return await runAndReport(run);
  } finally {
    stop.release();
    await table.close();
  }
}

/** Reports also when the run failed: what was written stays written, and the operator must know. */
async function runAndReport(run: Run): Promise<ExitCode> {
  const startedAt = new Date();
  const failure = await workAndClose(() => work(run), run.journal);
  const bySignal = run.stop.signalExitCode();
  const code = bySignal ?? (failure === undefined ? endCode(run) : exitCode.failed);
  const report = buildReport(run.tally, run.setup.stores, {
    version,
    dryRun: run.options.dryRun,
    matching: run.options.matching,
    startedAt,
    finishedAt: new Date(),
    database: run.table.description,
    journal: run.journal.path(),
    stoppedBy: failure === undefined ? (run.stop.reason() ?? null) : 'error',
    exitCode: code,
  });
  await printReport(run, report);
  try {
    if (run.options.reportFile !== undefined) writeReportFile(run.options.reportFile, report);
  } finally {
    tellFailure(failure, run);
  }
  warnOfUnknownImages(run);
  if (bySignal === undefined) await prune(run);
  return code;
}

/** Throws what the run failed with; after a signal it is told only, as the exit code tells of the signal. */
function tellFailure(failure: Failure | undefined, { stop, journal, terminal }: Run): void {
  if (failure === undefined) return;
  const error = runError(failure, journal);
  if (stop.signalExitCode() === undefined) throw error;
  terminal.warn(error instanceof Error ? error.message : String(error));
}

function warnOfUnknownImages({ options, tally, terminal }: Run): void {
  if (options.imageIds === undefined || tally.rows.examined > 0) return;
  terminal.warn(`there is no location in scope of image ${options.imageIds.join(', ')}`);
}

/** A journal too many does not make a good run a failed one. */
async function prune({ options, place, terminal }: Run): Promise<void> {
  const { keepJournals, dryRun } = options;
  if (keepJournals === undefined || dryRun || place.kind !== 'directory') return;
  try {
    const deleted = await pruneJournals(place.path, keepJournals);
    for (const path of deleted) terminal.info(`deleted journal ${path}`);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    terminal.warn(error.message);
  }
}

async function work(run: Run): Promise<void> {
  const { options, table, tally, stop, terminal } = run;
  const rowsFile = options.rowsFile === undefined ? undefined : openRowsFile(options.rowsFile);
  const last = await table.lastId();
  const rate = rateFor(options.maxRate);
  const progress = startProgress({
    stream: process.stderr,
    lastId: last,
    style: progressStyle(run),
    rewrites: options.dryRun ? 'to write' : 'written',
  });
  try {
    await runBackfill({
      table,
      scope: scopeOf(options),
      mode: modeOf(options),
      last,
      ...judgesOf(run),
      pageSize: usualPageSize,
      batchSize: cutToRate(batchSizeFor(table, options.batchSize), rate),
      writers: options.writers ?? paceOf(table).writers,
      stop: stop.signal,
      retry: retryFor(terminal),
      throttle: throttleFor({
        ...{ table, rate, stop, terminal, progress },
        signals: { limits: options.maxLoad, galera: heedsGalera(table, options) },
      }),
      journal: run.journal,
      observer: observerOf(tally, rowsFile, progress),
    });
  } finally {
    progress.stop();
    rowsFile?.close();
  }
}

function observerOf(
  tally: Tally,
  rowsFile: RowsFile | undefined,
  progress: Progress,
): BackfillObserver {
  return {
    settled(location, decision) {
      tally.add(location, decision);
      rowsFile?.add(location, decision);
    },
    counted({ location, decision }, rows) {
      tally.add(location, decision, rows);
    },
    isToBeShown: (decision) => rowsFile !== undefined && isListed(decision),
    reached(id) {
      rowsFile?.flush();
      progress.update(id, tally.rows.examined, tally.rows.assigned + tally.rows.replaced);
    },
  };
}

function judgesOf(run: Run): Pick<Backfill, 'decide' | 'findUrlKind'> {
  const { setup, database, options, table } = run;
  const { stores, mappings } = setup;
  const matcher = createKindMatcher({ stores, matching: options.matching, mappings });
  const decide = createDecider({
    enabledStoreIds: new Set(enabledStoreIds(setup)),
    matcher: matcher.match,
    hasClaim: createClaimTest({ stores, matching: options.matching }),
    decrypter: createDecrypter(database.encryptionKey),
    metaDataReader: createMetaDataReader(),
    onlyMissing: options.onlyMissing,
    replaceContradicting: options.include.includes('contradicting'),
    metaDataCapacity: table.metaDataCapacity,
  });
  return { decide, findUrlKind: matcher.findKind };
}

function scopeOf({ include, imageIds }: BackfillOptions): Scope {
  return { pendingDelete: include.includes('pending-delete'), imageIds };
}

function progressStyle({ options, terminal }: Run): 'bar' | 'lines' | 'none' {
  if (options.progress === 'none' || terminal.verbosity === 'quiet') return 'none';
  return process.stderr.isTTY ? 'bar' : 'lines';
}

function printReport({ options, terminal }: Run, report: BackfillReport): Promise<void> {
  return terminal.result(
    options.format === 'json'
      ? `${JSON.stringify(report, null, 2)}\n`
      : renderReportTable(report, terminal.paint),
  );
}

function endCode({ options, tally, stop }: Run): ExitCode {
  if (stop.reason() !== undefined) return exitCode.stopped;
  if (!options.detailedExitcode) return exitCode.done;
  if (rowsLeft(tally.rows) > 0) return exitCode.rowsLeft;
  const toWrite = options.dryRun ? tally.rows.assigned + tally.rows.replaced : 0;
  return toWrite > 0 ? exitCode.rowsToWrite : exitCode.done;
}

function rowsLeft({ unmatched, ambiguous, unreadable, conflicted }: RowCounts): number {
  return unmatched + ambiguous + unreadable + conflicted;
}
