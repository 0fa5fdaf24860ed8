import { runBackfill, usualPageSize } from '../backfill/backfill.ts';
import type { BackfillObserver } from '../backfill/backfill-observer.ts';
import { retryTransient, unlessStopped } from '../backfill/retry.ts';
import type { LocationTable, Scope } from '../database/location-table.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import type { BackfillOptions } from '../options.ts';
import { leftOverOutcomes, sumRows } from '../report/outcomes.ts';
import { noProgress, type Progress } from '../report/progress.ts';
import { rewrittenRows, Tally } from '../report/tally.ts';
import type { Terminal } from '../terminal.ts';
import { type BackfillRun, reportBackfill, type WorkEnding } from './backfill-report.ts';
import { configureDatabase } from './database.ts';
import { checkImages } from './images.ts';
import { createJudges, type Judges } from './judges.ts';
import { loopOptions } from './loop.ts';
import { keepMetrics } from './metrics-file.ts';
import { openProgress } from './progress.ts';
import { checkOutputFiles } from './report-file.ts';
import { checkKeepJournals, chooseJournalPlace, pruneAfter } from './run-journal.ts';
import { retryFor } from './retry.ts';
import { isListed, openRowsFile, type RowsFile } from './rows-file.ts';
import { openRun, runAndReport, warnOfRefusal } from './run.ts';
import {
  collectMistakes,
  enabledStoreIds,
  readConf,
  setUpStores,
  warnOfOverlaps,
} from './setup.ts';
import { checkMaxLoad, checkStatusNames } from './throttle.ts';
import { warnOfUnusedMappings } from './unused-mappings.ts';
import { checkLabels, tellNotEnabled, type CheckedLabels } from './labels.ts';

/** `backfill`: decides every row in scope and writes, or with `--dry-run` would write, what is to be written. */
export async function backfill(options: BackfillOptions, terminal: Terminal): Promise<ExitCode> {
  const metrics = keepMetrics(options);
  checkOutputFiles(options);
  const place = await chooseJournalPlace(options.journal);
  checkKeepJournals(options.keepJournals, place);
  const loaded = readConf(options, terminal);
  const [setup, database] = collectMistakes(
    () => setUpStores(loaded, options, terminal),
    () => configureDatabase(loaded.conf),
  );
  warnOfOverlaps(setup, options, terminal);
  checkMaxLoad(options.maxLoad, database.settings);
  const stores = enabledStoreIds(setup);
  const header = { confFingerprint: loaded.fingerprint, stores, undoes: null };
  const check = async (table: LocationTable) => {
    await checkStatusNames(options.maxLoad, table);
    await checkImages(options.imageIds, table, terminal);
  };
  return openRun({ options, database, place, header, check }, terminal, (run) =>
    conduct({ ...run, options, setup, database, place, metrics, tally: new Tally(stores) }),
  );
}

async function conduct(run: BackfillRun): Promise<ExitCode> {
  const { options, place } = run;
  const startedAt = new Date();
  const code = await runAndReport(run, {
    work: () => work(run),
    codeWhenComplete: () => codeWhenComplete(run),
    report: (end) => reportBackfill(run, startedAt, end),
  });
  if (code === exitCode.done) warnOfNothing(run);
  if (run.stop.signalExitCode() === undefined)
    await pruneAfter(options, place, run.journaled, run.terminal);
  return code;
}

/** No row at all is what a wrong database looks like. */
function warnOfNothing({ options, tally, table, terminal }: BackfillRun): void {
  if (tally.rows.examined > 0) return;
  if (options.imageIds === undefined) {
    const { name } = table.description;
    terminal.alert(
      `database ${name} has no location that Glance shows: is [database] connection the right one?`,
    );
    return;
  }
  const images = options.imageIds.join(', ');
  terminal.alert(
    `there is no location in scope of image ${images}: is the id right, and the image not deleted?`,
  );
}

async function work(run: BackfillRun): Promise<WorkEnding> {
  const last = await findLast(run);
  if (last === 'stopped') {
    return { kind: 'stopped', reached: 0, last: undefined, labels: undefined };
  }
  const judges = judgesOf(run);
  const ending = await walk(run, judges, last);
  // Only now: the progress bar would run over it.
  if (ending.kind === 'complete') warnOfUnusedMappings(run, judges);
  return ending;
}

/** @param last the highest id */
async function walk(run: BackfillRun, judges: Judges, last: number): Promise<WorkEnding> {
  const { options, tally, terminal } = run;
  let rowsFile: RowsFile | undefined;
  const progress = openProgress(
    terminal,
    options.progress,
    last,
    options.dryRun ? 'to write' : 'written',
  );
  try {
    const loop = loopOptions(run, options, progress);
    const labels = await checkLabels({ options, loop, last, judges });
    if (labels !== undefined) tellLabels(labels, terminal, progress);
    rowsFile = options.rowsFile === undefined ? undefined : openRowsFile(options.rowsFile);
    const ending = await runBackfill({
      ...loop,
      ...judges,
      scope: scopeOf(options),
      last,
      pageSize: usualPageSize,
      maxCount: options.maxCount,
      observer: observerOf(tally, rowsFile, progress),
    });
    return { ...ending, last, labels };
  } finally {
    progress.stop();
    rowsFile?.close();
  }
}

/** Warns of what the table says against the configuration. */
function tellLabels(labels: CheckedLabels, terminal: Terminal, progress: Progress): void {
  const { refusal } = labels;
  const notEnabled = tellNotEnabled(labels);
  if (refusal !== null || notEnabled !== null) progress.makeWay();
  if (refusal !== null) terminal.warn(warnOfRefusal(refusal));
  if (notEnabled !== null) terminal.alert(notEnabled);
}

/** The highest id; `stopped` when the run ended while the database did not answer. */
function findLast({ table, terminal, stop }: BackfillRun): Promise<number | 'stopped'> {
  const options = { retry: retryFor({ terminal, progress: noProgress }), stop: stop.signal };
  return unlessStopped(() => retryTransient(() => table.lastId(), options));
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
      progress.update(id, tally.rows.examined, rewrittenRows(tally.rows));
    },
  };
}

function judgesOf({ options, setup, database, table }: BackfillRun): Judges {
  return createJudges(setup, options, {
    encryptionKey: database.encryptionKey,
    onlyMissing: options.onlyMissing,
    replaceContradicting: options.include.includes('contradicting'),
    metaDataCapacity: table.metaDataCapacity,
  });
}

function scopeOf({ include, imageIds }: BackfillOptions): Scope {
  return { pendingDelete: include.includes('pending-delete'), imageIds };
}

function codeWhenComplete({ options, tally }: BackfillRun): ExitCode {
  if (!options.detailedExitcode) return exitCode.done;
  if (sumRows(tally.rows, leftOverOutcomes) > 0) return exitCode.rowsLeft;
  const toWrite = options.dryRun ? rewrittenRows(tally.rows) : 0;
  return toWrite > 0 ? exitCode.rowsToWrite : exitCode.done;
}
