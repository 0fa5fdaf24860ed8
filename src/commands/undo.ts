import { resolve } from 'node:path';
import type { Ending } from '../backfill/loop-options.ts';
import { runUndo, type UndoObserver } from '../backfill/undo.ts';
import type { LocationTable } from '../database/location-table.ts';
import { UsageError } from '../errors.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { isElsewhere } from '../journal/journaled-database.ts';
import { readJournal } from '../journal/read-journal.ts';
import { type JournalSurvey, surveyJournal } from '../journal/survey-journal.ts';
import { type JournaledRow, rowsToUndo } from '../journal/undo-rows.ts';
import type { UndoOptions } from '../options.ts';
import { renderUndoLine } from '../report/one-line.ts';
import type { Progress } from '../report/progress.ts';
import { buildUndoReport, renderUndoTable, UndoTally } from '../report/undo-report.ts';
import type { Terminal } from '../terminal.ts';
import { configureDatabase } from './database.ts';
import { loopOptions } from './loop.ts';
import { openProgress } from './progress.ts';
import { printResult } from './result.ts';
import { chooseJournalPlace, fullName } from './run-journal.ts';
import { openRun, type Run, runAndReport } from './run.ts';
import { readConf } from './setup.ts';
import { checkMaxLoad, checkStatusNames } from './throttle.ts';

/** Everything one undo works with. */
interface UndoRun extends Run {
  readonly options: UndoOptions;
  readonly survey: JournalSurvey;
  readonly tally: UndoTally;
}

/** `undo`: puts back what a journal's run wrote, where nobody has touched it since. Needs no stores. */
export async function undo(options: UndoOptions, terminal: Terminal): Promise<ExitCode> {
  const place = await chooseJournalPlace(options.journal);
  const survey = await surveyJournal(options.undoes);
  warnOfEnd(survey, terminal);
  const loaded = readConf(options, terminal);
  const undoes = resolve(options.undoes);
  const database = configureDatabase(loaded.conf);
  checkMaxLoad(options.maxLoad, database.settings);
  return openRun(
    {
      options,
      database,
      place,
      header: { confFingerprint: loaded.fingerprint, stores: [], undoes },
      check: async (table) => {
        await refuseOtherDatabase(survey, table, options.undoes);
        await checkStatusNames(options.maxLoad, table);
      },
    },
    terminal,
    (run) => conduct({ ...run, options, survey, tally: new UndoTally() }),
  );
}

/** Such a run may also be still at work; then what it writes from now on stays. */
function warnOfEnd({ finishedAt, torn }: JournalSurvey, terminal: Terminal): void {
  if (finishedAt !== null) return;
  const where = torn ? 'breaks off within a line' : 'has no end';
  terminal.warn(
    `the journal ${where}: its run was killed, or still goes on: then wait for its end and undo it again`,
  );
}

/** @throws UsageError: ids of one database mean other rows in another */
async function refuseOtherDatabase(
  { header }: JournalSurvey,
  table: LocationTable,
  path: string,
): Promise<void> {
  const { dialect, name, landmarks } = header.database;
  const here = { dialect: table.description.dialect, name: fullName(table) };
  if (here.dialect !== dialect || here.name !== name) {
    throw new UsageError(
      `journal ${path} belongs to ${dialect} database ${name}, ` +
        `and [database] connection names ${here.dialect} database ${here.name}; give the configuration of that run`,
    );
  }
  if (isElsewhere(landmarks, await table.readRows(landmarks.map(({ id }) => id)))) {
    throw new UsageError(
      `journal ${path} belongs to another database ${name}: the same locations are of other images there; ` +
        'give the configuration of that run',
    );
  }
}

function conduct(run: UndoRun): Promise<ExitCode> {
  const { options, terminal, table, journal, survey, tally } = run;
  return runAndReport(run, {
    work: () => work(run),
    codeWhenComplete: () => codeWhenComplete(run),
    report(end) {
      const report = buildUndoReport(tally, {
        journal: options.undoes,
        ownJournal: journal.path(),
        dryRun: options.dryRun,
        inJournal: survey.rows,
        exitCode: end.exitCode,
      });
      const database = table.description;
      return printResult(
        terminal,
        options,
        report,
        (built, paint, width) => renderUndoTable(built, { paint, width, database }),
        (built) => renderUndoLine(built, database),
      );
    },
  });
}

async function work(run: UndoRun): Promise<Ending> {
  const { options, terminal, survey, tally } = run;
  const progress = openProgress(
    terminal,
    'auto',
    survey.rows,
    options.dryRun ? 'to restore' : 'restored',
  );
  try {
    return await runUndo({
      ...loopOptions(run, options, progress),
      rows: readRows(options.undoes),
      observer: observerOf(tally, progress),
    });
  } finally {
    progress.stop();
  }
}

function observerOf(tally: UndoTally, progress: Progress): UndoObserver {
  let done = 0;
  const showOneMore = (): void => {
    done += 1;
    progress.update(done, done, tally.restored);
  };
  return {
    restored() {
      tally.addRestored();
      showOneMore();
    },
    leftAlone({ row, imageId, reason }) {
      tally.addLeftAlone(reason, { locationId: row.id, imageId });
      showOneMore();
    },
  };
}

async function* readRows(path: string): AsyncGenerator<readonly JournaledRow[]> {
  for await (const part of readJournal(path)) {
    if (part.kind === 'batch') yield rowsToUndo(part);
  }
}

function codeWhenComplete({ options, tally }: UndoRun): ExitCode {
  const isLeft = tally.leftAlone().length > 0;
  return options.detailedExitcode && isLeft ? exitCode.rowsLeft : exitCode.done;
}
