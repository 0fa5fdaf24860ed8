/** What `npm start` shows: the tool at work on the sample cloud of glance-api.conf.example. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createSampleDatabase } from './sample-database.js';

const program = 'bin/glance-store-backfill.js';
const databaseFile = 'demo/.run/glance.sqlite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const commands = [['stores'], ['backfill', '--dry-run'], ['backfill'], ['backfill']];
const whatNext = 'backfill --include contradicting --dry-run';
const configFile = ['--config-file', 'glance-api.conf.example'];

process.chdir(root); // the example's paths start there
createDatabase();
process.exitCode = runUntilFailure();

function createDatabase() {
  rmSync(dirname(databaseFile), { recursive: true, force: true });
  mkdirSync(dirname(databaseFile), { recursive: true });
  const { images, locations } = createSampleDatabase(databaseFile);
  print(`Made ${databaseFile}: ${images} images with ${locations} locations.`);
}

/** @type {(line: string) => void} */
function print(line) {
  process.stdout.write(`${line}\n`);
}

/** @returns {number} exit code of the first command that failed, or 0 */
function runUntilFailure() {
  for (const command of commands) {
    const code = run([...command, ...configFile]);
    if (code !== 0) return code;
  }
  const next = ['node', program, whatNext, ...configFile].join(' ');
  print(`\nThe database is ${databaseFile}. Try next: ${next}`);
  return 0;
}

/** @type {(args: readonly string[]) => number} */
function run(args) {
  print(`\n$ glance-store-backfill ${args.join(' ')}`);
  const { error, status } = spawnSync(process.execPath, [program, ...args], {
    stdio: 'inherit',
    env: demoEnvironment(),
  });
  if (error !== undefined) throw error;
  return status ?? 1; // null: ended by a signal
}

// Keeps the demo to its own folder. A caller's OS_DATABASE__CONNECTION would win over the file and
// name a real database.
function demoEnvironment() {
  const variables = Object.entries(process.env).filter(([name]) => !/^OS_.+__/.test(name));
  return { ...Object.fromEntries(variables), XDG_STATE_HOME: join(root, 'demo/.run/state') };
}
