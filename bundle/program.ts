import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';

/** The project's root directory. */
export const projectRoot = path.join(import.meta.dirname, '..');

/** The program as one file. */
export interface BundledProgram {
  /** the file's bytes */
  readonly contents: Uint8Array;
  /** folders of the packages that have a part in it, relative to the project's root, in order */
  readonly packages: readonly string[];
}

/**
 * Puts the program and all packages it uses into one CommonJS file, which starts faster than a module. It is not
 * minified: who brings a file to a database host may want to read it, and a stack trace tells a line.
 *
 * @throws when esbuild has anything to complain of, a warning included
 */
export async function bundleProgram(): Promise<BundledProgram> {
  const { warnings, metafile, outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: ['bundle/main.ts'],
    outfile: 'glance-store-backfill.cjs',
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    // A script that is compiled from a code cache cannot import().
    supported: { 'dynamic-import': false },
    format: 'cjs',
    // Paths stand in the file's comments; those of this machine have no place there.
    preserveSymlinks: true,
    banner: { js: '#!/usr/bin/env node' },
    plugins: [writtenVersion, absentPackages],
    logLevel: 'silent',
  });
  const [complaint] = warnings;
  if (complaint !== undefined)
    throw new Error(`${complaint.location?.file ?? ''}: ${complaint.text}`);
  const [file] = outputFiles;
  const [output] = Object.values(metafile.outputs);
  if (file === undefined || output === undefined) throw new Error('esbuild made no file');
  return { contents: Buffer.from(asAscii(file.text)), packages: packagesOf(output.inputs) };
}

/** Without other characters V8 holds the text in half the memory; esbuild writes them as escapes, but for comments. */
function asAscii(text: string): string {
  const comments = /^ *(?:\/\/|\*).*$/gm;
  return text.replace(comments, (comment) => comment.replace(/\P{ASCII}/gu, '?'));
}

function packagesOf(inputs: Readonly<Record<string, { bytesInOutput: number }>>): string[] {
  const folders = Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? (/^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []) : [],
  );
  return [...new Set(folders)].sort();
}

/** The program reads its version from package.json, which one file has not beside it. */
const writtenVersion: Plugin = {
  name: 'written-version',
  setup(building) {
    building.onLoad({ filter: /\/src\/version\.ts$/ }, () => ({
      contents: `export const version = ${JSON.stringify(readVersion())};`,
    }));
  },
};

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
}

/** Databases that knex knows and Glance does not. */
const foreignDialects = /^\.\/(cockroachdb|mssql|mariadb|oracle|oracledb|pgnative|redshift)$/;

/** Looked for when they are asked for, beside the file; knex and pg name the others and nobody asks for them. */
const packagesOutside = /^(libsql|better-sqlite3|sqlite3|mysql|pg-native|pg-query-stream)$/;

const absentPackages: Plugin = {
  name: 'absent-packages',
  setup(building) {
    building.onResolve({ filter: packagesOutside }, ({ path: name }) => ({
      path: name,
      external: true,
    }));
    building.onResolve({ filter: foreignDialects }, ({ path: name, importer }) =>
      importer.endsWith('/knex/lib/dialects/index.js') ? { path: name, namespace: 'absent' } : null,
    );
    building.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path: name }) => ({
      contents: `throw new Error('knex: ${name} is not in this file');`,
    }));
  },
};
