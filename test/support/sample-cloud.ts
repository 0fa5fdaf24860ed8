import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createSampleDatabase } from '../../demo/sample-database.js';
import { type CliOptions, type CliRun, projectRoot } from './cli.ts';
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

const template = join(mkdtempSync(join(tmpdir(), 'gsb-sample-')), 'glance.sqlite');

/** Makes a sample cloud that nothing has been run on; the caller removes it. */
export function makeSampleCloud(cliOptions: CliOptions = {}): SampleCloud {
  const workplace = makeWorkplace();
  const databaseFile = workplace.path(databaseName);
  mkdirSync(dirname(databaseFile), { recursive: true });
  for (const name of [configFile, 'demo/ceph.conf']) {
    cpSync(join(projectRoot, name), workplace.path(name));
  }
  if (!existsSync(template)) createSampleDatabase(template);
  copyFileSync(template, databaseFile);
  return {
    ...workplace,
    databaseFile,
    command: (name, ...options) =>
      workplace.run([name, '--config-file', configFile, ...options], cliOptions),
  };
}
