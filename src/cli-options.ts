import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LoadLimit } from './backfill/server-load.ts';
import { parseBatchSize, parseCount, parseDuration, parsePercent } from './cli-values.ts';
import type { GivenPath } from './conf/search-paths.ts';
import {
  type BackfillOptions,
  type CommonOptions,
  type ExplainOptions,
  type ExplainSubject,
  type Include,
  includes,
  type MatchingOptions,
  type StoresOptions,
  type UndoOptions,
  usualMaxContradictions,
  type WritingOptions,
} from './options.ts';
import { UsageError } from './errors.ts';
import { openTerminal, type Terminal, type Verbosity } from './terminal.ts';

/** Declares the options of `stores`. */
export function addStoresOptions(command: Command): Command {
  return addMatchingOptions(
    addCommonOptions(command)
      .option('--show-secrets', 'print credentials in URL prefixes')
      .option(
        '--compare-with <file>',
        'show where this glance-api.conf differs (repeatable)',
        gather,
      )
      .option('--detailed-exitcode', 'tell by exit code 4 that something is wrong'),
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
      .option(
        '--max-contradictions <percent>',
        'labelled rows that may name another store than their URL lies in (default: 1)',
        parsePercent,
      )
      .option('--batch-size <rows>', 'rows a transaction (default: adaptive)', parseBatchSize)
      .option('--writers <number>', 'connections that write (default: 2, on Galera 1)', parseCount)
      .option('--max-rate <rows>', 'rows written per second, on average', parseCount)
      .option(
        '--max-load <name=number>',
        'pause while this MySQL status variable is higher, such as Threads_running=25 (repeatable)',
        gatherLoadLimit,
      )
      .option('--max-count <rows>', 'stop after so many rows written', parseCount)
      .option('--run-time <time>', 'stop after this time, such as 90s, 15m or 2h', parseDuration)
      .option('--journal <place>', 'file or directory of the journal, or none', parsePlace)
      .option('--keep-journals <n>', 'after a good run delete older journals', parseCount)
      .option('--report-file <file>', 'also write the report to this .json or .html file')
      .option('--rows-file <file>', 'write each row that is not current, as NDJSON')
      .option('--metrics-file <file>', 'write metrics for Prometheus to this .prom file')
      .option('--detailed-exitcode', 'tell by exit code 3 or 4 what is left to do')
      .addOption(
        new Option('--progress <how>', 'show progress').choices(['auto', 'none']).default('auto'),
      ),
  );
}

/** Declares the options of `explain`. */
export function addExplainOptions(command: Command): Command {
  return addMatchingOptions(
    addCommonOptions(command)
      .option('--image <id>', "this image's locations (repeatable)", gather)
      .option('--location <id>', 'this row of image_locations (repeatable)', gatherId)
      .option('--url <url>', 'this URL, which need not be in the database')
      .option('--meta-data <text>', 'with --url: its meta_data (default: {})'),
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
    .option('-q, --quiet', 'no progress, no warnings; one line for a run that wrote')
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

interface RawMatchingOptions extends RawCommonOptions {
  readonly matching: 'corrected' | 'glance';
  readonly map?: string[];
  readonly mapFile?: string;
  readonly rbdFsid?: string[];
}

/** What commander makes of the options of `stores`. */
export interface RawStoresOptions extends RawMatchingOptions {
  readonly showSecrets?: true;
  readonly compareWith?: string[];
  readonly detailedExitcode?: true;
}

/** What commander makes of the options of `explain`. */
export interface RawExplainOptions extends RawMatchingOptions {
  readonly image?: string[];
  readonly location?: number[];
  readonly url?: string;
  readonly metaData?: string;
}

interface RawWritingOptions {
  readonly dryRun?: true;
  readonly journal?: string;
  readonly detailedExitcode?: true;
}

/** What commander makes of the options of `undo`. */
export interface RawUndoOptions extends RawCommonOptions, RawWritingOptions {}

/** What commander makes of the options of `backfill`. */
export interface RawBackfillOptions extends RawMatchingOptions, RawWritingOptions {
  readonly keepJournals?: number;
  readonly image?: string[];
  readonly onlyMissing?: true;
  readonly include?: Include[];
  readonly maxContradictions?: number;
  readonly batchSize?: number;
  readonly writers?: number;
  readonly maxRate?: number;
  readonly maxLoad?: LoadLimit[];
  readonly maxCount?: number;
  readonly runTime?: number;
  readonly reportFile?: string;
  readonly rowsFile?: string;
  readonly metricsFile?: string;
  readonly progress: 'auto' | 'none';
}

/** The options in the program's own terms. */
export function storesOptions(raw: RawStoresOptions): StoresOptions {
  return {
    ...matchingOptions(raw),
    showSecrets: raw.showSecrets ?? false,
    compareWith: raw.compareWith ?? [],
    detailedExitcode: raw.detailedExitcode ?? false,
  };
}

/** As `storesOptions`, for `explain`. @throws UsageError unless it is told what to explain, in one way */
export function explainOptions(raw: RawExplainOptions): ExplainOptions {
  return { ...matchingOptions(raw), subject: explainSubject(raw) };
}

/** As `storesOptions`, for `backfill`. */
export function backfillOptions(raw: RawBackfillOptions): BackfillOptions {
  return {
    ...matchingOptions(raw),
    ...writingOptions(raw),
    keepJournals: raw.keepJournals,
    imageIds: raw.image,
    onlyMissing: raw.onlyMissing ?? false,
    include: raw.include ?? [],
    maxContradictions: raw.maxContradictions ?? usualMaxContradictions,
    batchSize: raw.batchSize,
    writers: raw.writers,
    maxRate: raw.maxRate,
    maxLoad: raw.maxLoad ?? [],
    maxCount: raw.maxCount,
    runTime: raw.runTime,
    reportFile: raw.reportFile,
    rowsFile: raw.rowsFile,
    metricsFile: raw.metricsFile,
    progress: raw.progress,
  };
}

/** As `storesOptions`, for `undo` of the journal at this path. */
export function undoOptions(undoes: string, raw: RawUndoOptions): UndoOptions {
  return { ...commonOptions(raw), ...writingOptions(raw), undoes };
}

function explainSubject({ image, location, url, metaData }: RawExplainOptions): ExplainSubject {
  const hasRows = image !== undefined || location !== undefined;
  if (hasRows === (url !== undefined)) {
    throw new UsageError('explain what? Give --image or --location (repeatable), or --url');
  }
  if (url !== undefined) return { kind: 'url', url, metaData: metaData ?? '{}' };
  if (metaData !== undefined) throw new UsageError('--meta-data goes with --url only');
  return { kind: 'rows', locationIds: location ?? [], imageIds: image ?? [] };
}

function matchingOptions(raw: RawMatchingOptions): CommonOptions & MatchingOptions {
  return {
    ...commonOptions(raw),
    matching: raw.matching,
    maps: raw.map ?? [],
    mapFile: raw.mapFile,
    rbdFsids: raw.rbdFsid ?? [],
  };
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

function gatherId(value: string, before: number[] = []): number[] {
  return [...before, parseCount(value)];
}

function gatherInclude(value: string, before: Include[] = []): Include[] {
  const chosen = includes.find((include) => include === value);
  if (chosen === undefined)
    throw new InvalidArgumentError(`Allowed choices are ${includes.join(', ')}.`);
  return [...before, chosen];
}

function gatherLoadLimit(text: string, before: LoadLimit[] = []): LoadLimit[] {
  const [, name, most] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (name === undefined || most === undefined)
    throw new InvalidArgumentError('Write NAME=NUMBER, such as Threads_running=25.');
  return [...before, { name, most: Number(most) }];
}

function parsePlace(text: string): string {
  if (text === '') throw new InvalidArgumentError('Name a file or a directory, or give none.');
  return text;
}
