import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** What one run of a contender came to. */
export interface Figures {
  readonly seconds: number;
  /** until the server had cleared away what the run left for later, `seconds` included; undefined where that is not known */
  readonly purgedSeconds?: number;
  /** rows it went through, 0 where rows have no part */
  readonly rows: number;
  /** largest resident size in bytes; undefined for what is no process of its own */
  readonly peakBytes?: number | undefined;
  /** of the process, user and system, as last seen: up to 20 ms are missing */
  readonly cpuSeconds?: number | undefined;
}

/** A process that ended with exit code 0. */
export interface ProcessRun {
  readonly figures: Omit<Figures, 'rows'>;
  readonly stdout: string;
}

/** A line of a process's `/proc` folder is looked at this often, in ms. */
const pollInterval = 20;

/**
 * Runs a program to its end and measures it from outside. Its environment is PATH and HOME alone, lest an
 * `OS_DATABASE__CONNECTION` names a real database.
 *
 * @param cwd its working and home directory
 * @param output `drop` sends stdout to /dev/null
 * @throws when it does not end with exit code 0
 */
export async function measureProcess(
  command: readonly [string, ...string[]],
  { cwd, output = 'keep' }: { readonly cwd: string; readonly output?: 'keep' | 'drop' },
): Promise<ProcessRun> {
  const [file, ...args] = command;
  const began = performance.now();
  const child = spawn(file, args, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd },
    stdio: ['ignore', output === 'keep' ? 'pipe' : 'ignore', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  let seen: Pick<Figures, 'peakBytes' | 'cpuSeconds'> = {};
  const poll = setInterval(() => {
    if (child.pid !== undefined) seen = lookAt(child.pid) ?? seen;
  }, pollInterval);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  }).finally(() => {
    clearInterval(poll);
  });
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${String(code)}:\n${stderr}`);
  return { figures: { seconds, ...seen }, stdout };
}

/** Undefined once the process is gone, and where there is no /proc. */
function lookAt(pid: number): Pick<Figures, 'peakBytes' | 'cpuSeconds'> | undefined {
  try {
    return readProcess(
      readFileSync(`/proc/${pid}/status`, 'utf8'),
      readFileSync(`/proc/${pid}/stat`, 'utf8'),
    );
  } catch {
    return undefined;
  }
}

/** Linux counts CPU time in hundredths of a second, whatever the kernel's own clock. */
const ticksPerSecond = 100;

/** Reads the texts of `/proc/<pid>/status` and `stat`; undefined for a process that has ended and is not yet reaped. */
export function readProcess(
  status: string,
  stat: string,
): Pick<Figures, 'peakBytes' | 'cpuSeconds'> | undefined {
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (peak === undefined) return undefined;
  // The command's name stands in brackets and may hold anything; user and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { peakBytes: Number(peak) * 1024, cpuSeconds: ticks / ticksPerSecond };
}

/** Times what this process waits for, such as a statement. */
export async function measureWork(rows: number, work: () => Promise<unknown>): Promise<Figures> {
  const began = performance.now();
  await work();
  return { seconds: (performance.now() - began) / 1000, rows };
}
