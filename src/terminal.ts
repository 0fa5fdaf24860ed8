import { closeSync } from 'node:fs';
import { Chalk, type ChalkInstance } from 'chalk';

/** Where a command's words go: results to stdout, everything else to stderr. */
export interface Terminal {
  /** Colours for results; none unless stdout is a terminal and NO_COLOR is unset. */
  readonly paint: ChalkInstance;
  /** columns a line of a result may take: those of a narrow terminal, else 80 */
  readonly width: number;
  readonly verbosity: Verbosity;
  /** Prints the result. Resolves once it is written, or once nobody reads it any more. */
  result(text: string): Promise<void>;
  /**
   * What the operator should know although the run goes on; silent with `--quiet`, as most of it holds until the
   * configuration or the server is changed, and would be told every night.
   */
  warn(text: string): void;
  /** As `warn`, but told with `--quiet`, too: what went wrong in this very run. */
  alert(text: string): void;
  /** What goes on for long, and its end; silent with `--quiet`. */
  notice(text: string): void;
  /** What ended the run: printed also with `--quiet`. */
  error(text: string): void;
  /** What is being done; printed with `--verbose` only. */
  info(text: string): void;
}

export type Verbosity = 'quiet' | 'normal' | 'verbose';

/** The process's own terminal. */
export function openTerminal(verbosity: Verbosity): Terminal {
  const coloured = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const say = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  const alert = (text: string): void => {
    say(`warning: ${text}`);
  };
  return {
    paint: new Chalk(coloured ? {} : { level: 0 }),
    width: widthOf(process.stdout),
    verbosity,
    result: writeResult,
    warn: (text) => {
      if (verbosity !== 'quiet') alert(text);
    },
    alert,
    notice: (text) => {
      if (verbosity !== 'quiet') say(text);
    },
    error: say,
    info: (text) => {
      if (verbosity === 'verbose') say(text);
    },
  };
}

/** A line longer than 80 columns reads badly, and below 40 the numbers no longer fit. */
function widthOf({ isTTY, columns }: NodeJS.WriteStream): number {
  return isTTY ? Math.min(80, Math.max(40, columns)) : 80;
}

/**
 * A reader that went away (`| head -1`, a terminal that was closed) is no failure of the run: the exit code still tells
 * how that went.
 */
function writeResult(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error == null || isReaderGone(error)) resolve();
      else {
        error.message = `the result cannot be printed: ${error.message}; direct it to another place`;
        reject(error);
      }
    });
  });
}

/**
 * Keeps a closed or full stdout or stderr from ending the process in mid-run; whoever writes the result hears of it.
 */
export function tolerateClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/**
 * For a terminal that is gone: at its end Node would set it back to what it was, and abort, with a core dump, as that
 * fails (`ResetStdio` in its src/node.cc); what is closed it leaves alone.
 */
export function forgetTerminal(): void {
  process.once('exit', () => {
    for (const descriptor of [0, 1, 2]) closeQuietly(descriptor);
  });
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // It was closed before.
  }
}

/** A pipe's reader, or the terminal's window, is not there any more. */
function isReaderGone(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'EIO');
}
