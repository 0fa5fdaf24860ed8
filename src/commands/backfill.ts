import { adaptiveBatchSize, type BatchSize, fixedBatchSize } from '../backfill/batch-size.ts';
import { runBackfill } from '../backfill/backfill.ts';
import { openLocationTable } from '../database/connect.ts';
import type { LocationTable, Scope } from '../database/location-table.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { createClaimTest } from '../locations/claim.ts';
import { createDecider, type Decider } from '../locations/decide.ts';
import { createDecrypter } from '../locations/encryption.ts';
import { createMatcher } from '../locations/matcher.ts';
import { createMetaDataReader } from '../locations/meta-data.ts';
import type { BackfillOptions } from '../options.ts';
import { startProgress } from '../report/progress.ts';
import { renderReportTable } from '../report/report-table.ts';
import { type BackfillReport, buildReport } from '../report/report.ts';
import { openRowsFile } from '../report/rows-file.ts';
import { type RowCounts, Tally } from '../report/tally.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';
import { type ConfiguredDatabase, configureDatabase } from './database.ts';
import { checkOutputFiles, writeReportFile } from './report-file.ts';
import { both, enabledStoreIds, readConf, type Setup, setUpStores } from './setup.ts';
import { type Stop, stopOnSignals } from './stop.ts';

/**
 * How rows are written. A batch's transaction is to take about `targetMs` (ms): no row stays locked for longer.
 * A Galera cluster certifies transactions one after the other, so there large ones and several writers only collide.
 */
const pace = { targetMs: 250, writers: 2 };
const galeraPace = { targetMs: 100, writers: 1 };

/** Everything one run works with. */
interface Run {
  readonly options: BackfillOptions;
  readonly terminal: Terminal;
  readonly setup: Setup;
  readonly database: ConfiguredDatabase;
  readonly table: LocationTable;
  readonly tally: Tally;
  readonly stop: Stop;
}

/** `backfill`: decides every row in scope and writes, or with `--dry-run` would write, what is to be written. */
export async function backfill(options: BackfillOptions, terminal: Terminal): Promise<ExitCode> {
  checkOutputFiles(options);
  const loaded = readConf(options, terminal);
  const [setup, database] = both(
    () => setUpStores(loaded, options, terminal),
    () => configureDatabase(loaded.conf),
  );
  const stop = stopOnSignals();
  const table = await openLocationTable(database.settings, {
    writers: options.writers ?? pace.writers,
    wsrepSyncWait: database.wsrepSyncWait,
    readOnly: options.dryRun,
  });
  try {
    const tally = new Tally(enabledStoreIds(setup));
    return await runAndReport({ options, terminal, setup, database, table, tally, stop });
  } finally {
    stop.release();
    await table.close();
  }
}

/** Reports also when the run failed: what was written stays written, and the operator must know. */
async function runAndReport(run: Run): Promise<ExitCode> {
  const startedAt = new Date();
  const failure = await work(run).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const code = failure === undefined ? endCode(run) : exitCode.failed;
  const report = buildReport(run.tally, run.setup.stores, {
    version,
    dryRun: run.options.dryRun,
    matching: run.options.matching,
    startedAt,
    finishedAt: new Date(),
    database: run.table.description,
    journal: null,
    stoppedBy: failure === undefined ? (run.stop.signal.aborted ? 'signal' : null) : 'error',
    exitCode: code,
  });
  if (run.options.reportFile !== undefined) writeReportFile(run.options.reportFile, report);
  await printReport(run, report);
  if (failure !== undefined) throw failure.error;
  return code;
}

async function work(run: Run): Promise<void> {
  const { options, table, tally, stop, terminal } = run;
  const rowsFile = options.rowsFile === undefined ? undefined : openRowsFile(options.rowsFile);
  const last = await table.lastId();
  const progress = startProgress({
    stream: process.stderr,
    lastId: last,
    style: progressStyle(run),
  });
  try {
    await runBackfill({
      table,
      scope: scopeOf(options),
      mode: options.dryRun ? 'dry-run' : 'apply',
      last,
      decide: deciderOf(run),
      batchSize: batchSizeFor(run),
      writers: options.writers ?? paceOf(table).writers,
      stop: stop.signal,
      retry: {
        sleep,
        onRetry: (error, waitMs) => {
          terminal.info(`${error.message}; trying again in ${waitMs} ms`);
        },
      },
      observer: {
        settled(location, decision) {
          tally.add(location, decision);
          rowsFile?.add(location, decision);
        },
        reached(id) {
          rowsFile?.flush();
          progress.update(id, tally.rows.examined, tally.rows.assigned + tally.rows.replaced);
        },
      },
    });
  } finally {
    progress.stop();
    rowsFile?.close();
  }
}

function paceOf({ galera }: LocationTable): typeof pace {
  return galera === undefined ? pace : galeraPace;
}

function batchSizeFor({ options, table }: Run): BatchSize {
  const maxRows = table.galera?.maxRows ?? Infinity;
  if (options.batchSize !== undefined) return fixedBatchSize(Math.min(options.batchSize, maxRows));
  return adaptiveBatchSize({ targetMs: paceOf(table).targetMs, maxRows });
}

function deciderOf({ setup, database, options, table }: Run): Decider {
  const { stores, mappings } = setup;
  return createDecider({
    enabledStoreIds: new Set(enabledStoreIds(setup)),
    matcher: createMatcher({ stores, matching: options.matching, mappings }),
    hasClaim: createClaimTest({ stores, matching: options.matching }),
    decrypter: createDecrypter(database.encryptionKey),
    metaDataReader: createMetaDataReader(),
    onlyMissing: options.onlyMissing,
    replaceContradicting: options.include.includes('contradicting'),
    metaDataCapacity: table.metaDataCapacity,
  });
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
  const bySignal = stop.exitCode();
  if (bySignal !== undefined) return bySignal;
  if (!options.detailedExitcode) return exitCode.done;
  if (rowsLeft(tally.rows) > 0) return exitCode.rowsLeft;
  const toWrite = options.dryRun ? tally.rows.assigned + tally.rows.replaced : 0;
  return toWrite > 0 ? exitCode.rowsToWrite : exitCode.done;
}

function rowsLeft({ unmatched, ambiguous, unreadable, conflicted }: RowCounts): number {
  return unmatched + ambiguous + unreadable + conflicted;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
