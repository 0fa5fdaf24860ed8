import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { programPath, projectRoot, runShell } from './cli.ts';
import type { DocCommand } from './doc-commands.ts';
import { makeSampleCloud, type SampleCloud } from './sample-cloud.ts';

/** What a page's command came to. */
export interface CommandRun {
  /** undefined when it was not come to */
  readonly code: number | undefined;
  /** stdout and stderr, as a terminal shows them */
  readonly output: string;
}

/**
 * Runs a page's commands in one shell, in the folder of a fresh sample cloud. `glance-store-backfill` is on the PATH, and
 * the sample's configuration is where glance-api would find it.
 */
export async function runCommands(commands: readonly DocCommand[]): Promise<CommandRun[]> {
  const cloud = makeSampleCloud();
  try {
    const conf = cloud.read('glance-api.conf.example');
    cloud.write('home/glance-api.conf', conf);
    for (const other of ['controller2', 'controller3'])
      cloud.write(`${other}/glance-api.conf`, conf);
    // As if somebody had copied them over.
    const built = join(projectRoot, 'dist');
    for (const name of readdirSync(built)) symlinkSync(join(built, name), cloud.path(name));
    mkdirSync(cloud.path('.bin'));
    mkdirSync(cloud.path('.runs'));
    symlinkSync(programPath, cloud.path('.bin/glance-store-backfill'));
    const script = commands.map(({ command }, index) => asStep(command, index)).join('\n');
    const environment = {
      PATH: `${cloud.path('.bin')}:${process.env['PATH'] ?? ''}`,
      RUNS: cloud.path('.runs'),
    };
    await runShell(`set -o pipefail\n${script}`, { cwd: cloud.folder, environment });
    return commands.map((_command, index) => readRun(cloud, index));
  } finally {
    cloud.remove();
  }
}

/** In braces, so that what a command sets is set for those after it. */
function asStep(command: string, index: number): string {
  return `{\n${command}\n} >"$RUNS/${index}.output" 2>&1\necho $? >"$RUNS/${index}.code"`;
}

function readRun({ path }: SampleCloud, index: number): CommandRun {
  const read = (kind: string): string | undefined => {
    try {
      return readFileSync(path(`.runs/${index}.${kind}`), 'utf8');
    } catch {
      return undefined;
    }
  };
  const code = read('code');
  return { code: code === undefined ? undefined : Number(code), output: read('output') ?? '' };
}
