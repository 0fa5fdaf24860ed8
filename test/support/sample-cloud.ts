import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createSampleDatabase } from '../../demo/sample-database.js';
import { type CliRun, projectRoot } from './cli.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

/** The sample cloud of `npm start`, in a folder of its own. */
export interface SampleCloud extends Workplace {
  /** absolute path of its SQLite file */
  readonly databaseFile: string;
  /** Runs a command of the program with the sample's configuration. */
  readonly command: (name: string, ...options: readonly string[]) => Promise<CliRun>;
}

const configFile = 'glance-api.conf.example';

/** Where the sample's configuration says that the database lies. */
const databaseName = 'demo/.run/glance.sqlite';

/** The database, made once for all clouds of a test file. */
let bytes: Buffer | undefined;

/** Makes a sample cloud that nothing has been run on; the caller removes it. */
export function makeSampleCloud(): SampleCloud {
  const workplace = makeWorkplace();
  for (const name of [configFile, 'demo/ceph.conf']) {
    cpSync(join(projectRoot, name), workplace.path(name));
  }
  const databaseFile = workplace.path(databaseName);
  mkdirSync(dirname(databaseFile), { recursive: true });
  if (bytes === undefined) {
    createSampleDatabase(databaseFile);
    bytes = readFileSync(databaseFile);
  }
  writeFileSync(databaseFile, bytes);
  return {
    ...workplace,
    databaseFile,
    command: (name, ...options) => workplace.run([name, '--config-file', configFile, ...options]),
  };
}
