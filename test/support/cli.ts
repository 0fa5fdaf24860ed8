import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one run of the program came to. */
export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  /** added to an otherwise empty environment */
  readonly environment?: Readonly<Record<string, string>>;
  /** called with the process once it runs */
  readonly onSpawn?: (pid: number) => void;
}

const root = join(import.meta.dirname, '../..');
const emptyHome = mkdtempSync(join(tmpdir(), 'home-'));

/** The project's root directory. */
export const projectRoot = root;

/** Runs the built program as an operator would, with an empty home directory, and waits for its end. */
export function runCli(arguments_: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const program = spawn(process.execPath, [join(root, 'bin/glance-store-backfill.js'), ...arguments_], {
    cwd: options.cwd ?? root,
    env: { PATH: process.env['PATH'], HOME: emptyHome, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (program.pid !== undefined) options.onSpawn?.(program.pid);
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    program.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    program.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    program.on('error', reject);
    program.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
