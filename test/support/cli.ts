import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What one run of the program came to. */
export interface CliRun {
  /** exit code; null when a signal ended it */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program at work. */
export interface RunningCli {
  /** Settles when the program has ended. */
  readonly ended: Promise<CliRun>;
  /** What it has written to stderr up to now. */
  readonly stderr: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
}

export interface CliOptions {
  /** the working directory; the home directory is `home` below it, and there is none unless a test makes it */
  readonly cwd: string;
  /** added to an otherwise empty environment */
  readonly environment?: Readonly<Record<string, string>>;
  /** path of what Node runs, if not the built program */
  readonly program?: string;
}

/** The project's root directory. */
export const projectRoot = join(import.meta.dirname, '../..');

/** The built program; Node runs it. */
export const programPath = join(projectRoot, 'bin/glance-store-backfill.js');

/** Runs the built program as an operator would and waits for its end. */
export function runCli(arguments_: readonly string[], options: CliOptions): Promise<CliRun> {
  return startCli(arguments_, options).ended;
}

/** Starts the program as `runCli` does, and does not wait. */
export function startCli(arguments_: readonly string[], options: CliOptions): RunningCli {
  const { program = programPath } = options;
  return start([process.execPath, program, ...arguments_], options);
}

/** Runs a command line in bash, where `$PROGRAM` stands for the program: `$PROGRAM stores | head -1`. */
export function runShell(commandLine: string, options: CliOptions): Promise<CliRun> {
  const environment = { PROGRAM: `${process.execPath} ${programPath}`, ...options.environment };
  return start(['bash', '-c', commandLine], { ...options, environment }).ended;
}

function start(
  [command, ...arguments_]: readonly [string, ...string[]],
  { cwd, environment }: CliOptions,
): RunningCli {
  const child = spawn(command, arguments_, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: join(cwd, 'home'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<CliRun>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  return { ended, stderr: () => stderr, kill: (signal) => child.kill(signal) };
}

/** Waits until something is so, looking every 50 ms; after twenty seconds it gives up. */
export async function waitUntil(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(50);
  }
}
