import { exitCode, type ExitCode } from '../exit-code.ts';
import type { StoresOptions } from '../options.ts';
import { buildStoresReport, renderStoresTable } from '../report/stores-report.ts';
import type { Terminal } from '../terminal.ts';
import { printResult } from './result.ts';
import { readConf, setUpStores } from './setup.ts';

/** `stores`: what the configuration makes of the stores. Needs no database. */
export async function showStores(options: StoresOptions, terminal: Terminal): Promise<ExitCode> {
  const { stores, overlaps } = setUpStores(readConf(options, terminal), options, terminal);
  const report = buildStoresReport(stores, overlaps, options.showSecrets ? 'shown' : 'redacted');
  await printResult(terminal, options, report, renderStoresTable);
  return exitCode.done;
}
