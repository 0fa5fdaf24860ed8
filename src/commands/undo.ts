import { resolve } from 'node:path';
import { runUndo } from '../backfill/undo.ts';
import { openLocationTable } from '../database/connect.ts';
import type { LocationTable } from '../database/location-table.ts';
import { exitCode, type ExitCode, UsageError } from '../exit-code.ts';
import type { Journal } from '../journal/journal.ts';
import { readJournal } from '../journal/read-journal.ts';
import { type JournalSurvey, surveyJournal } from '../journal/survey-journal.ts';
import { type JournaledRow, rowsToUndo } from '../journal/undo-rows.ts';
import type { UndoOptions } from '../options.ts';
import { pauseLines } from '../report/progress.ts';
import {
  buildUndoReport,
  renderUndoTable,
  type UndoReport,
  UndoTally,
} from '../report/undo-report.ts';
import type { Terminal } from '../terminal.ts';
import { configureDatabase } from './database.ts';
import { chooseJournalPlace, journaledDatabase, openRunJournal } from './run-journal.ts';
import { lockRun } from './run-lock.ts';
import { readConf } from './setup.ts';
import { type Stop, stopOnSignals } from './stop.ts';
import { heedsGalera, throttleFor } from './throttle.ts';
import { batchSizeFor, modeOf, pace, paceOf, retryFor, runError, workAndClose } from './writing.ts';

/** Everything one undo works with. */
interface UndoRun {
  readonly options: UndoOptions;
  readonly terminal: Terminal;
  readonly survey: JournalSurvey;
  readonly table: LocationTable;
  /** the undo's own */
  readonly journal: Journal;
  readonly tally: UndoTally;
  readonly stop: Stop;
}

/** `undo`: puts back what a journal's run wrote, where nobody has touched it since. Needs no stores. */
export async function undo(options: UndoOptions, terminal: Terminal): Promise<ExitCode> {
  const place = await chooseJournalPlace(options.journal);
  const survey = await surveyJournal(options.undoes);
  warnOfEnd(survey, terminal);
  const loaded = readConf(options, terminal);
  const database = configureDatabase(loaded.conf);
  const stop = stopOnSignals();
  const table = await openLocationTable(database.settings, {
    writers: pace.writers,
    wsrepSyncWait: database.wsrepSyncWait,
    readOnly: options.dryRun,
  });
  try {
    checkDatabase(survey, table, options.undoes);
    await lockRun(table, options, terminal);
    const journal = openRunJournal(place, modeOf(options), {
      database: journaledDatabase(table.description),
      confFingerprint: loaded.fingerprint,
      stores: [],
      undoes: resolve(options.undoes),
    });
    const tally = new UndoTally();
    return await runAndReport({ options, terminal, survey, table, journal, tally, stop });
  } finally {
    stop.release();
    await table.close();
  }
}

/** Such a run may also be still at work; then what it writes from now on stays. */
function warnOfEnd({ finishedAt, torn }: JournalSurvey, terminal: Terminal): void {
  if (finishedAt !== null) return;
  const where = torn ? 'breaks off within a line' : 'has no end';
  terminal.warn(`the journal ${where}: its run was killed, or still goes on`);
}

/** @throws UsageError: ids of one database mean other rows in another */
function checkDatabase({ header }: JournalSurvey, table: LocationTable, path: string): void {
  const here = journaledDatabase(table.description);
  const there = header.database;
  if (here.dialect === there.dialect && here.name === there.name) return;
  throw new UsageError(
    `journal ${path} belongs to ${there.dialect} database ${there.name}, ` +
      `and [database] connection names ${here.dialect} database ${here.name}`,
  );
}

/** Reports also when the undo failed: what was put back stays so, and the operator must know. */
async function runAndReport(run: UndoRun): Promise<ExitCode> {
  const { options, survey, tally, journal } = run;
  const failure = await workAndClose(() => work(run), journal);
  const code = failure === undefined ? endCode(run) : exitCode.failed;
  const report = buildUndoReport(tally, {
    journal: options.undoes,
    dryRun: options.dryRun,
    inJournal: survey.rows,
    exitCode: code,
  });
  await printReport(run, report);
  if (failure !== undefined) throw runError(failure, journal);
  return code;
}

function work({ options, terminal, table, journal, tally, stop }: UndoRun): Promise<void> {
  return runUndo({
    table,
    mode: modeOf(options),
    rows: readRows(options.undoes),
    batchSize: batchSizeFor(table, undefined),
    writers: paceOf(table).writers,
    stop: stop.signal,
    retry: retryFor(terminal),
    throttle: throttleFor({
      ...{ table, stop, terminal, rate: undefined },
      signals: { limits: [], galera: heedsGalera(table, options) },
      progress: pauseLines((line) => {
        terminal.warn(line);
      }),
    }),
    journal,
    observer: {
      restored() {
        tally.addRestored();
      },
      leftAlone({ row, imageId, reason }) {
        tally.addLeftAlone(reason, { locationId: row.id, imageId });
      },
    },
  });
}

async function* readRows(path: string): AsyncGenerator<readonly JournaledRow[]> {
  for await (const part of readJournal(path)) {
    if (part.kind === 'batch') yield rowsToUndo(part);
  }
}

function printReport(
  { options, terminal, table, journal }: UndoRun,
  report: UndoReport,
): Promise<void> {
  return terminal.result(
    options.format === 'json'
      ? `${JSON.stringify(report, null, 2)}\n`
      : renderUndoTable(report, {
          paint: terminal.paint,
          database: table.description,
          ownJournal: journal.path(),
        }),
  );
}

function endCode({ options, tally, stop }: UndoRun): ExitCode {
  const bySignal = stop.signalExitCode();
  if (bySignal !== undefined) return bySignal;
  if (stop.reason() !== undefined) return exitCode.stopped;
  const isLeft = tally.leftAlone().length > 0;
  return options.detailedExitcode && isLeft ? exitCode.rowsLeft : exitCode.done;
}
