import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ConfError } from './conf/mistake.ts';
import type { GivenPath } from './conf/search-paths.ts';
import { DatabaseError } from './database/errors.ts';
import { exitCode, type ExitCode, UsageError } from './exit-code.ts';
import { type BackfillOptions, type Include, includes, type StoresOptions } from './options.ts';
import { openTerminal, type Terminal, tolerateClosedOutput, type Verbosity } from './terminal.ts';
import { version } from './version.ts';

/**
 * Runs one command line and tells its exit code; never throws.
 *
 * @param argv as Node gives it: interpreter, script, arguments
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  tolerateClosedOutput();
  let code: ExitCode = exitCode.done;
  const program = declareCommands((result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    return explain(error);
  }
}

/** The one place where errors become words and exit codes. */
function explain(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (error instanceof ConfError || error instanceof UsageError) {
    say(error.message);
    return exitCode.usage;
  }
  if (error instanceof DatabaseError || isSystemError(error)) {
    say(error.message);
    return exitCode.failed;
  }
  say(`This is a defect of glance-store-backfill ${version}; please report it.`);
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCode.failed;
}

/** An error of the operating system, such as a full disk: its message names the call and the path. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

type SetCode = (code: ExitCode) => void;

function declareCommands(setCode: SetCode): Command {
  const program = new Command('glance-store-backfill')
    .description("Writes the missing store into Glance's image locations.")
    .version(version)
    .exitOverride()
    .showHelpAfterError('(--help tells the options)')
    .addHelpText('after', exitCodeHelp);
  declareStores(program, setCode);
  declareBackfill(program, setCode);
  return program;
}

function declareStores(program: Command, setCode: SetCode): void {
  const command = program
    .command('stores')
    .summary('show the enabled stores and their URL prefixes')
    .description('Shows the enabled stores, their URL prefixes, overlaps and problems.');
  addMatchingOptions(addCommonOptions(command)).action(async (options: RawOptions) => {
    const { showStores } = await import('./commands/stores.ts');
    setCode(await showStores(storesOptions(options), terminalFor(options)));
  });
}

function declareBackfill(program: Command, setCode: SetCode): void {
  const command = program
    .command('backfill')
    .summary('write the store of every location that matches one')
    .description('Writes the store of every image location whose URL matches an enabled store.')
    .option('--dry-run', 'take the same decisions and write nothing', false)
    .option('--image <id>', 'only this image (repeatable)', gather)
    .option('--only-missing', 'leave stores that are not enabled as they are', false)
    .option('--include <what>', `also ${includes.join(' or ')} rows (repeatable)`, gatherInclude)
    .option('--batch-size <rows>', 'rows a transaction (default: adaptive)', parseCount)
    .option('--writers <number>', 'connections that write', parseCount, 2)
    .option('--report-file <file>', 'also write the report to this .json file')
    .option('--rows-file <file>', 'write each row that is not current, as NDJSON')
    .option('--detailed-exitcode', 'tell by exit code 3 or 4 what is left to do', false)
    .addOption(
      new Option('--progress <how>', 'show progress').choices(['auto', 'none']).default('auto'),
    );
  addMatchingOptions(addCommonOptions(command)).action(async (options: RawBackfillOptions) => {
    const { backfill } = await import('./commands/backfill.ts');
    setCode(await backfill(backfillOptions(options), terminalFor(options)));
  });
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
    .option('--show-secrets', 'print credentials in URL prefixes', false)
    .option('-q, --quiet', 'no progress, no warnings', false)
    .option('-v, --verbose', 'tell what is being done', false);
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

/** What commander hands to an action. */
interface RawOptions {
  readonly configFile?: GivenPath[];
  readonly configDir?: GivenPath[];
  readonly format: 'table' | 'json';
  readonly showSecrets: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly matching: 'corrected' | 'glance';
  readonly map?: string[];
  readonly mapFile?: string;
  readonly rbdFsid?: string[];
}

interface RawBackfillOptions extends RawOptions {
  readonly dryRun: boolean;
  readonly image?: string[];
  readonly onlyMissing: boolean;
  readonly include?: Include[];
  readonly batchSize?: number;
  readonly writers: number;
  readonly reportFile?: string;
  readonly rowsFile?: string;
  readonly detailedExitcode: boolean;
  readonly progress: 'auto' | 'none';
}

function storesOptions(raw: RawOptions): StoresOptions {
  return {
    confPaths: raw.configFile ?? raw.configDir ?? [],
    format: raw.format,
    showSecrets: raw.showSecrets,
    matching: raw.matching,
    maps: raw.map ?? [],
    mapFile: raw.mapFile,
    rbdFsids: raw.rbdFsid ?? [],
  };
}

function backfillOptions(raw: RawBackfillOptions): BackfillOptions {
  return {
    ...storesOptions(raw),
    dryRun: raw.dryRun,
    imageIds: raw.image,
    onlyMissing: raw.onlyMissing,
    include: raw.include ?? [],
    batchSize: raw.batchSize,
    writers: raw.writers,
    reportFile: raw.reportFile,
    rowsFile: raw.rowsFile,
    detailedExitcode: raw.detailedExitcode,
    progress: raw.progress,
  };
}

function terminalFor({ quiet, verbose }: RawOptions): Terminal {
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

const exitCodeHelp = `
Exit codes:
  0    done (also: nothing to do)
  1    failed: the database or the disk; what was written stays written
  2    usage or configuration
  3    --detailed-exitcode, dry run: there are rows to write
  4    --detailed-exitcode: rows are left unmatched, ambiguous, unreadable or conflicted
  130  SIGINT: the batch under way was finished
  143  SIGTERM: the same`;
