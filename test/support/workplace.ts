import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CliOptions, type CliRun, runCli } from './cli.ts';

/** A folder of its own to run the built program in, as an operator would in his. */
export interface Workplace {
  readonly folder: string;
  /** The absolute path of a file in the folder. */
  readonly path: (name: string) => string;
  /** Writes a file, and the folders above it; returns its absolute path. */
  readonly write: (name: string, text: string) => string;
  readonly read: (name: string) => string;
  /** Runs the program in the folder and waits for its end. */
  readonly run: (
    arguments_: readonly string[],
    environment?: CliOptions['environment'],
  ) => Promise<CliRun>;
  readonly remove: () => void;
}

/** Makes an empty folder; the caller removes it. */
export function makeWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'gsb-work-'));
  const path = (name: string) => join(folder, name);
  return {
    folder,
    path,
    write(name, text) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
      return path(name);
    },
    read: (name) => readFileSync(path(name), 'utf8'),
    run: (arguments_, environment = {}) => runCli(arguments_, { cwd: folder, environment }),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
