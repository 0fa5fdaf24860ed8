import { Command, CommanderError } from 'commander';
import {
  addBackfillOptions,
  addExplainOptions,
  addStoresOptions,
  addUndoOptions,
} from './cli-options.ts';
import {
  backfillOptions,
  explainOptions,
  type RawBackfillOptions,
  type RawCommonOptions,
  type RawExplainOptions,
  type RawStoresOptions,
  type RawUndoOptions,
  storesOptions,
  undoOptions,
} from './cli-raw-options.ts';
import { ConfError } from './conf/mistake.ts';
import { DatabaseError } from './database/errors.ts';
import { LockedError, RefusedError, RunFailure, UsageError } from './errors.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { isSystemError, JournalError } from './journal/errors.ts';
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
    return exitCodeOf(error);
  }
}

/**
 * The one place where errors become words and exit codes. A signal has its own (commands/stop.ts), and so have metrics
 * that cannot be written (commands/metrics-file.ts): nobody is left then to catch an error.
 */
function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (error instanceof RunFailure) {
    const code = exitCodeOf(error.cause);
    say(`what the run wrote is in its journal, ${error.journal}`);
    return code;
  }
  if (error instanceof ConfError || error instanceof UsageError || isRefusal(error)) {
    say(error.message);
    return exitCode.usage;
  }
  if (error instanceof LockedError) {
    say(error.message);
    return exitCode.locked;
  }
  if (
    error instanceof RefusedError ||
    error instanceof DatabaseError ||
    error instanceof JournalError ||
    isSystemError(error)
  ) {
    say(error.message);
    return exitCode.failed;
  }
  say(`This is a defect of glance-store-backfill ${version}; please report it.`);
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCode.failed;
}

/** The operator named a file that cannot be the journal. */
function isRefusal(error: unknown): error is JournalError {
  return error instanceof JournalError && error.kind === 'refused';
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
  declareExplain(program, setCode);
  declareUndo(program, setCode);
  return program;
}

function declareStores(program: Command, setCode: SetCode): void {
  const command = program
    .command('stores')
    .summary('show the enabled stores and their URL prefixes')
    .description('Shows the enabled stores, their URL prefixes, overlaps and problems.');
  addStoresOptions(command).action(async (options: RawStoresOptions) => {
    const { showStores } = await import('./commands/stores.ts');
    setCode(await showStores(storesOptions(options), terminalFor(options)));
  });
}

function declareBackfill(program: Command, setCode: SetCode): void {
  const command = program
    .command('backfill')
    .summary('write the store of every location that matches one')
    .description('Writes the store of every image location whose URL matches an enabled store.');
  addBackfillOptions(command).action(async (options: RawBackfillOptions) => {
    const { backfill } = await import('./commands/backfill.ts');
    setCode(await backfill(backfillOptions(options), terminalFor(options)));
  });
}

function declareExplain(program: Command, setCode: SetCode): void {
  const command = program
    .command('explain')
    .summary('show why a location gets the store it gets')
    .description(
      'Shows for a location, or any URL, which stores it could lie in and why one wins.',
    );
  addExplainOptions(command).action(async (options: RawExplainOptions) => {
    const { explain } = await import('./commands/explain.ts');
    setCode(await explain(explainOptions(options), terminalFor(options)));
  });
}

function declareUndo(program: Command, setCode: SetCode): void {
  const command = program
    .command('undo')
    .summary('put back what a run wrote')
    .description('Puts back what the run of a journal wrote, where nobody has touched it since.')
    .argument('<journal>', 'the journal that the run left');
  addUndoOptions(command).action(async (journal: string, options: RawUndoOptions) => {
    const { undo } = await import('./commands/undo.ts');
    setCode(await undo(undoOptions(journal, options), terminalFor(options)));
  });
}

/** The terminal, as talkative as the operator wants it. */
function terminalFor({ quiet, verbose }: RawCommonOptions): Terminal {
  const verbosity: Verbosity = quiet ? 'quiet' : verbose ? 'verbose' : 'normal';
  return openTerminal(verbosity);
}

const exitCodeHelp = `
Exit codes:
  0    done (also: nothing to do)
  1    failed: the database or the disk; what was written stays written
       and is in the journal; or refused by a check before the first write;
       stores --compare-with: the configurations differ
  2    usage or configuration
  3    --detailed-exitcode, dry run: there are rows to write
  4    --detailed-exitcode: rows are left unmatched, ambiguous, unreadable or
       conflicted; undo left rows alone; stores found something wrong
  5    stopped by --max-count or --run-time, or the server was too busy for ten
       minutes; more remains
  75   another run is at work on the same database
  130  SIGINT: the batch under way was finished
  143  SIGTERM, or SIGHUP as the terminal was closed: the same`;
