import { type Command, InvalidArgumentError, Option } from 'commander';
import type { GivenPath } from './conf/search-paths.ts';
import { type BackfillOptions, type Include, includes, type StoresOptions } from './options.ts';
import { openTerminal, type Terminal, type Verbosity } from './terminal.ts';

/** Declares the options of `stores`, which every command has. */
export function addStoresOptions(command: Command): Command {
  return addMatchingOptions(addCommonOptions(command));
}

/** Declares the options of `backfill`. */
export function addBackfillOptions(command: Command): Command {
  return addStoresOptions(
    command
      .option('--dry-run', 'take the same decisions and write nothing')
      .option('--image <id>', 'only this image (repeatable)', gather)
      .option('--only-missing', 'leave stores that are not enabled as they are')
      .option('--include <what>', `also ${includes.join(' or ')} rows (repeatable)`, gatherInclude)
      .option('--batch-size <rows>', 'rows a transaction (default: adaptive)', parseCount)
      .option('--writers <number>', 'connections that write (default: 2, on Galera 1)', parseCount)
      .option('--report-file <file>', 'also write the report to this .json file')
      .option('--rows-file <file>', 'write each row that is not current, as NDJSON')
      .option('--detailed-exitcode', 'tell by exit code 3 or 4 what is left to do')
      .addOption(
        new Option('--progress <how>', 'show progress').choices(['auto', 'none']).default('auto'),
      ),
  );
}

function addCommonOptions(command: Command): Command {
  // One list for both options: which file overrides which goes by the order of the command line.
  const given: GivenPath[] = [];
  const givePath = (kind: GivenPath['kind']) => (path: string) => {
    given.push({ kind, path });
    return given;
  };
  return command
    .option(
      '--config-file <file>',
      'glance-api.conf (repeatable, later ones win)',
      givePath('file'),
    )
    .option('--config-dir <dir>', 'directory of *.conf files (repeatable)', givePath('directory'))
    .addOption(
      new Option('-f, --format <format>', 'of the result')
        .choices(['table', 'json'])
        .default('table'),
    )
    .option('--show-secrets', 'print credentials in URL prefixes')
    .option('-q, --quiet', 'no progress, no warnings')
    .option('-v, --verbose', 'tell what is being done');
}

function addMatchingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--matching <rule>', 'how a URL is matched')
        .choices(['corrected', 'glance'])
        .default('corrected'),
    )
    .option('--map <prefix=store>', 'URLs below this prefix lie in this store', gather)
    .option('--map-file <file>', 'JSON object {prefix: store}')
    .option('--rbd-fsid <store=fsid>', 'fsid of the cluster of this rbd store', gather);
}

/** What commander makes of the options of `stores`. */
export interface RawOptions {
  readonly configFile?: GivenPath[];
  readonly configDir?: GivenPath[];
  readonly format: 'table' | 'json';
  readonly showSecrets?: true;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly matching: 'corrected' | 'glance';
  readonly map?: string[];
  readonly mapFile?: string;
  readonly rbdFsid?: string[];
}

/** What commander makes of the options of `backfill`. */
export interface RawBackfillOptions extends RawOptions {
  readonly dryRun?: true;
  readonly image?: string[];
  readonly onlyMissing?: true;
  readonly include?: Include[];
  readonly batchSize?: number;
  readonly writers?: number;
  readonly reportFile?: string;
  readonly rowsFile?: string;
  readonly detailedExitcode?: true;
  readonly progress: 'auto' | 'none';
}

/** The options in the program's own terms. */
export function storesOptions(raw: RawOptions): StoresOptions {
  return {
    confPaths: raw.configFile ?? raw.configDir ?? [],
    format: raw.format,
    showSecrets: raw.showSecrets ?? false,
    matching: raw.matching,
    maps: raw.map ?? [],
    mapFile: raw.mapFile,
    rbdFsids: raw.rbdFsid ?? [],
  };
}

/** As `storesOptions`, for `backfill`. */
export function backfillOptions(raw: RawBackfillOptions): BackfillOptions {
  return {
    ...storesOptions(raw),
    dryRun: raw.dryRun ?? false,
    imageIds: raw.image,
    onlyMissing: raw.onlyMissing ?? false,
    include: raw.include ?? [],
    batchSize: raw.batchSize,
    writers: raw.writers,
    reportFile: raw.reportFile,
    rowsFile: raw.rowsFile,
    detailedExitcode: raw.detailedExitcode ?? false,
    progress: raw.progress,
  };
}

/** The terminal, as talkative as the operator wants it. */
export function terminalFor({ quiet, verbose }: RawOptions): Terminal {
  const verbosity: Verbosity = quiet ? 'quiet' : verbose ? 'verbose' : 'normal';
  return openTerminal(verbosity);
}

function gather(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function gatherInclude(value: string, before: Include[] = []): Include[] {
  const chosen = includes.find((include) => include === value);
  if (chosen === undefined)
    throw new InvalidArgumentError(`Allowed choices are ${includes.join(', ')}.`);
  return [...before, chosen];
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError('Give a whole number from 1 up.');
  return Number(text);
}
