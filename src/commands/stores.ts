import { exitCode, type ExitCode } from '../exit-code.ts';
import { findStoreWarnings } from '../locations/store-warnings.ts';
import type { StoresOptions } from '../options.ts';
import { redactUrl } from '../report/redaction.ts';
import {
  buildStoresReport,
  renderStoresTable,
  type StoresReport,
} from '../report/stores-report.ts';
import type { Terminal } from '../terminal.ts';
import { compareWithOthers } from './comparison.ts';
import { checkDatabase } from './database-check.ts';
import { printResult } from './result.ts';
import { readConf, type Setup, setUpStores } from './setup.ts';

/** `stores`: what the configuration makes of the stores, and whether a run could begin. Needs no database. */
export async function showStores(options: StoresOptions, terminal: Terminal): Promise<ExitCode> {
  const loaded = readConf(options, terminal);
  const setup = setUpStores(loaded, options, terminal);
  const show = options.showSecrets ? (prefix: string): string => prefix : redactUrl;
  const here = { conf: loaded.conf, stores: setup };
  const comparisons = compareWithOthers(options, here, show);
  const database = await checkDatabase(loaded.conf, setup, options, terminal);
  const report = buildStoresReport(setup, { database, comparisons }, show);
  await printResult(terminal, options, report, renderStoresTable);
  return exitCodeFor(report, setup, options);
}

/** As `diff` has it: different is 1. Otherwise a list is no judgement, unless one is asked for. */
function exitCodeFor(
  { comparisons, database }: StoresReport,
  { stores }: Setup,
  { matching, detailedExitcode }: StoresOptions,
): ExitCode {
  if (comparisons.some(({ differences }) => differences.length > 0)) return exitCode.failed;
  if (!detailedExitcode) return exitCode.done;
  const isUnfit = database !== null && (database.error !== null || database.refusals.length > 0);
  const isBroken = findStoreWarnings({ stores, matching }).length > 0;
  return isUnfit || isBroken ? exitCode.rowsLeft : exitCode.done;
}
