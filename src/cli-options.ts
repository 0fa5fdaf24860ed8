import { type Command, InvalidArgumentError, Option } from 'commander';
import type { GivenPath } from './conf/search-paths.ts';
import {
  type BackfillOptions,
  type CommonOptions,
  type Include,
  includes,
  type StoresOptions,
  type UndoOptions,
  type WritingOptions,
} from './options.ts';
import { openTerminal, type Terminal, type Verbosity } from './terminal.ts';

/** Declares the options of `stores`. */
export function addStoresOptions(command: Command): Command {
  return addMatchingOptions(
    addCommonOptions(command).option('--show-secrets', 'print credentials in URL prefixes'),
  );
}

/** Declares the options of `backfill`. */
export function addBackfillOptions(command: Command): Command {
  return addMatchingOptions(
    addCommonOptions(command)
      .option('--dry-run', 'take the same decisions and write nothing')
      .option('--image <id>', 'only this image (repeatable)', gather)
      .option('--only-missing', 'leave stores that are not enabled as they are')
      .option('--include <what>', `also ${includes.join(' or ')} rows (repeatable)`, gatherInclude)
      .option('--batch-size <rows>', 'rows a transaction (default: adaptive)', parseCount)
      .option('--writers <number>', 'connections that write (default: 2, on Galera 1)', parseCount)
      .option('--journal <place>', 'file or directory of the journal, or none', parsePlace)
      .option('--keep-journals <n>', 'after a good run delete older journals', parseCount)
      .option('--report-file <file>', 'also write the report to this .json file')
      .option('--rows-file <file>', 'write each row that is not current, as NDJSON')
      .option('--detailed-exitcode', 'tell by exit code 3 or 4 what is left to do')
      .addOption(
        new Option('--progress <how>', 'show progress').choices(['auto', 'none']).default('auto'),
      ),
  );
}

/** Declares the options of `undo`. */
export function addUndoOptions(command: Command): Command {
  return addCommonOptions(
    command
      .option('--dry-run', 'take the same decisions and write nothing')
      .option(
        '--journal <place>',
        "file or directory of the undo's own journal, or none",
        parsePlace,
      )
      .option('--detailed-exitcode', 'tell by exit code 4 that rows were left alone'),
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
    .option(
      '--rbd-fsid <store=fsid>',
      'fsid of the cluster of this rbd store, or "unreachable"',
      gather,
    );
}

/** What commander makes of the options that every command has. */
export interface RawCommonOptions {
  readonly configFile?: GivenPath[];
  readonly configDir?: GivenPath[];
  readonly format: 'table' | 'json';
  readonly quiet?: true;
  readonly verbose?: true;
}

/** What commander makes of the options of `stores`. */
export interface RawOptions extends RawCommonOptions {
  readonly showSecrets?: true;
  readonly matching: 'corrected' | 'glance';
  readonly map?: string[];
  readonly mapFile?: string;
  readonly rbdFsid?: string[];
}

interface RawWritingOptions {
  readonly dryRun?: true;
  readonly journal?: string;
  readonly detailedExitcode?: true;
}

/** What commander makes of the options of `undo`. */
export interface RawUndoOptions extends RawCommonOptions, RawWritingOptions {}

/** What commander makes of the options of `backfill`. */
export interface RawBackfillOptions extends RawOptions, RawWritingOptions {
  readonly keepJournals?: number;
  readonly image?: string[];
  readonly onlyMissing?: true;
  readonly include?: Include[];
  readonly batchSize?: number;
  readonly writers?: number;
  readonly reportFile?: string;
  readonly rowsFile?: string;
  readonly progress: 'auto' | 'none';
}

/** The options in the program's own terms. */
export function storesOptions(raw: RawOptions): StoresOptions {
  return {
    ...commonOptions(raw),
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
    ...writingOptions(raw),
    keepJournals: raw.keepJournals,
    imageIds: raw.image,
    onlyMissing: raw.onlyMissing ?? false,
    include: raw.include ?? [],
    batchSize: raw.batchSize,
    writers: raw.writers,
    reportFile: raw.reportFile,
    rowsFile: raw.rowsFile,
    progress: raw.progress,
  };
}

/** As `storesOptions`, for `undo` of the journal at this path. */
export function undoOptions(undoes: string, raw: RawUndoOptions): UndoOptions {
  return { ...commonOptions(raw), ...writingOptions(raw), undoes };
}

function commonOptions({ configFile, configDir, format }: RawCommonOptions): CommonOptions {
  return { confPaths: configFile ?? configDir ?? [], format };
}

function writingOptions({ dryRun, journal, detailedExitcode }: RawWritingOptions): WritingOptions {
  return { dryRun: dryRun ?? false, journal, detailedExitcode: detailedExitcode ?? false };
}

/** The terminal, as talkative as the operator wants it. */
export function terminalFor({ quiet, verbose }: RawCommonOptions): Terminal {
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

function parsePlace(text: string): string {
  if (text === '') throw new InvalidArgumentError('Name a file or a directory, or give none.');
  return text;
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError('Give a whole number from 1 up.');
  return Number(text);
}
