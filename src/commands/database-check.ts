import { sampleLabels } from '../backfill/label-sample.ts';
import { isRefuted } from '../backfill/label-evidence.ts';
import type { Conf } from '../conf/conf.ts';
import { connection } from '../conf/glance-options.ts';
import { ConfError } from '../conf/mistake.ts';
import { openLocationTable } from '../database/connect.ts';
import type { ConnectionSettings } from '../database/connection-settings.ts';
import { DatabaseError } from '../database/errors.ts';
import type { LocationTable } from '../database/location-table.ts';
import { type StoresOptions, usualMaxContradictions } from '../options.ts';
import { noProgress } from '../report/progress.ts';
import type { DatabaseCheck } from '../report/stores-report.ts';
import type { Terminal } from '../terminal.ts';
import { type ConfiguredDatabase, configureDatabase } from './database.ts';
import { createJudges } from './judges.ts';
import { retryFor } from './retry.ts';
import { chooseJournalPlace } from './run-journal.ts';
import { foretellRefusals } from './run.ts';
import type { Setup } from './setup.ts';
import { tellContradictions, toLabelsReport } from './labels.ts';

/** Seconds to wait for the database and to spend sampling it: `stores` is useful without either. */
const connectSeconds = 5;
const readingSeconds = 30;

/**
 * Looks at the database as far as that is possible: whether it can be read, what a run that writes would be refused
 * for, and what the labels in it say of the configuration. Writes nothing.
 *
 * @returns null when the configuration names none
 */
export async function checkDatabase(
  conf: Conf,
  setup: Setup,
  options: StoresOptions,
  terminal: Terminal,
): Promise<DatabaseCheck | null> {
  if ((conf.get('database', connection) ?? '') === '') return null;
  try {
    const database = configureDatabase(conf);
    const table = await openLocationTable(withShortTimeout(database.settings), {
      writers: 1,
      readOnly: true,
      answerTime: connectSeconds * 1_000,
      wsrepSyncWait: database.wsrepSyncWait,
    });
    try {
      return await checkTable(table, database, setup, options, terminal);
    } finally {
      await table.close();
    }
  } catch (error) {
    if (!(error instanceof ConfError || error instanceof DatabaseError)) throw error;
    return { server: null, name: null, error: error.message, refusals: [], labels: null };
  }
}

function withShortTimeout(settings: ConnectionSettings): ConnectionSettings {
  if (settings.dialect === 'sqlite') return settings;
  return {
    ...settings,
    connectTimeout: Math.min(settings.connectTimeout ?? connectSeconds, connectSeconds),
  };
}

async function checkTable(
  table: LocationTable,
  database: ConfiguredDatabase,
  setup: Setup,
  options: StoresOptions,
  terminal: Terminal,
): Promise<DatabaseCheck> {
  const refusals = await foretellRefusals(table, await chooseJournalPlace(undefined));
  const { judgeLabel } = createJudges(setup, options, {
    encryptionKey: database.encryptionKey,
    onlyMissing: false,
    replaceContradicting: false,
    metaDataCapacity: table.metaDataCapacity,
  });
  const retry = retryFor({ terminal, progress: noProgress });
  const evidence = await sampleLabels({
    table,
    judgeLabel,
    last: await table.lastId(),
    retry,
    throttle: { pass: () => Promise.resolve() },
    stop: AbortSignal.timeout(readingSeconds * 1_000),
  });
  const { server, name } = table.description;
  if (evidence === undefined) return { server, name, error: null, refusals, labels: null };
  const labels = toLabelsReport(evidence, usualMaxContradictions);
  const contradictions = isRefuted(evidence, usualMaxContradictions)
    ? [tellContradictions(evidence, usualMaxContradictions)]
    : [];
  return { server, name, error: null, refusals: [...refusals, ...contradictions], labels };
}
