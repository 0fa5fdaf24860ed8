import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type CliOptions, programPath, projectRoot, runShell } from './cli.ts';
import type { DocCommand } from './doc-commands.ts';
import { makeSampleCloud, type SampleCloud } from './sample-cloud.ts';
import type { Workplace } from './workplace.ts';

/** What a page's command came to. */
export interface CommandRun {
  /** undefined when it was not come to */
  readonly code: number | undefined;
  /** stdout and stderr, as a terminal shows them */
  readonly output: string;
}

/** Programs of other people that the pages use and a test machine has not, or that would change it. */
const standIns = join(import.meta.dirname, 'stand-ins');

/**
 * Runs a page's commands in one shell, in the folder of a fresh sample cloud. `glance-store-backfill` is on the PATH, and
 * the sample's configuration is where glance-api would find it. What is beyond the cloud has stand-ins: there is a host
 * below its folder `host`, with directories of systemd and Prometheus, and npm's global packages are the project itself.
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
    makeHost(cloud);
    const host = cloud.path('host');
    return await runSteps(
      commands.map(({ command }) => moveTo(host, command)),
      cloud,
      {
        PATH: [programFolder(cloud), standIns, process.env['PATH']].join(':'),
        HOST_ROOT: host,
        npm_config_prefix: join(host, 'usr/local'),
      },
    );
  } finally {
    cloud.remove();
  }
}

/** Runs commands one after the other in one shell, in the folder of a workplace. */
export async function runSteps(
  commands: readonly string[],
  place: Workplace,
  environment: CliOptions['environment'],
): Promise<CommandRun[]> {
  mkdirSync(place.path('.runs'));
  const script = commands.map(asStep).join('\n');
  await runShell(`set -o pipefail\n${script}`, {
    cwd: place.folder,
    environment: { ...environment, RUNS: place.path('.runs') },
  });
  return commands.map((_command, index) => readRun(place, index));
}

/** A folder for the PATH that has `glance-store-backfill`. */
export function programFolder(place: Workplace): string {
  const folder = place.path('.bin');
  mkdirSync(folder);
  symlinkSync(programPath, join(folder, 'glance-store-backfill'));
  return folder;
}

function makeHost(cloud: SampleCloud): void {
  const state = 'host/var/lib/glance-store-backfill';
  const packages = 'host/usr/local/lib/node_modules';
  for (const folder of [
    ...['host/etc/systemd/system', 'host/var/lib/prometheus/node-exporter', packages],
    `${state}/journals`,
  ]) {
    mkdirSync(cloud.path(folder), { recursive: true });
  }
  symlinkSync(projectRoot, cloud.path(`${packages}/glance-store-backfill`));
  // The paths of the sample's configuration begin where the program is run.
  symlinkSync(cloud.path('demo'), cloud.path(`${state}/demo`));
}

/** A command with the paths of a host that it would change moved below `host`. */
function moveTo(host: string, command: string): string {
  return command.replace(
    /(?<=\s)\/(?=etc\/systemd|var\/lib\/(?:glance-store-backfill|prometheus))/g,
    `${host}/`,
  );
}

/** In braces, so that what a command sets is set for those after it. */
function asStep(command: string, index: number): string {
  return `{\n${command}\n} >"$RUNS/${index}.output" 2>&1\necho $? >"$RUNS/${index}.code"`;
}

function readRun({ path }: Workplace, index: number): CommandRun {
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
