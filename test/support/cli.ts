import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
  readonly cwd?: string;
  /** added to an otherwise empty environment */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The project's root directory. */
export const projectRoot = join(import.meta.dirname, '../..');

/** The built program; Node runs it. */
export const programPath = join(projectRoot, 'bin/glance-store-backfill.js');

const emptyHome = mkdtempSync(join(tmpdir(), 'home-'));

/** Runs the built program as an operator would, with an empty home directory, and waits for its end. */
export function runCli(arguments_: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  return startCli(arguments_, options).ended;
}

/** Starts the program as `runCli` does, and does not wait. */
export function startCli(arguments_: readonly string[], options: CliOptions = {}): RunningCli {
  return start([process.execPath, programPath, ...arguments_], options);
}

/** Runs a command line in bash, where `$PROGRAM` stands for the program: `$PROGRAM stores | head -1`. */
export function runShell(commandLine: string, options: CliOptions = {}): Promise<CliRun> {
  const environment = { PROGRAM: `${process.execPath} ${programPath}`, ...options.environment };
  return start(['bash', '-c', commandLine], { ...options, environment }).ended;
}

function start(
  [command, ...arguments_]: readonly [string, ...string[]],
  { cwd = projectRoot, environment }: CliOptions,
): RunningCli {
  const child = spawn(command, arguments_, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: emptyHome, ...environment },
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

/** Waits until something is so, looking every 50 ms; after ten seconds it gives up. */
export async function waitUntil(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(50);
  }
}
