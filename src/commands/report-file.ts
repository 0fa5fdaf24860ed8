import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { UsageError } from '../exit-code.ts';
import { explainWrite } from '../report/output-file.ts';
import type { BackfillReport } from '../report/report.ts';

/** The files a run is asked to write; undefined for none. */
export interface OutputFiles {
  readonly reportFile: string | undefined;
  readonly rowsFile: string | undefined;
}

/**
 * Refuses, before anything is done, files that could not be written in the end.
 *
 * @throws UsageError that names the option
 */
export function checkOutputFiles({ reportFile, rowsFile }: OutputFiles): void {
  if (reportFile !== undefined) {
    if (extname(reportFile) !== '.json') {
      throw new UsageError(`--report-file ${reportFile}: the name must end in .json`);
    }
    checkPlace('--report-file', reportFile, reportStart);
  }
  if (rowsFile !== undefined) checkPlace('--rows-file', rowsFile, rowsStart);
  if (
    reportFile !== undefined &&
    rowsFile !== undefined &&
    resolve(reportFile) === resolve(rowsFile)
  ) {
    throw new UsageError('--report-file and --rows-file name the same file; name two');
  }
}

/** What the files of an earlier run begin with: only these are written over. */
const reportStart = '{\n  "schema": "glance-store-backfill/report@1"';
const rowsStart = '{"locationId":';

/** @param start what the file begins with if an earlier run wrote it @throws UsageError that names the option */
export function checkPlace(option: string, path: string, start: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) {
    throw new UsageError(`${option} ${path}: it is a directory; name a file`);
  }
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch {
    throw new UsageError(`${option} ${path}: the directory cannot be written to`);
  }
  if (found?.isFile() === true && found.size > 0 && !beginsWith(path, start)) {
    const why = 'there is a file of this name that no earlier run wrote';
    throw new UsageError(`${option} ${path}: ${why}; name another`);
  }
}

function beginsWith(path: string, start: string): boolean {
  const file = openSync(path, 'r');
  try {
    const begin = Buffer.alloc(Buffer.byteLength(start));
    readSync(file, begin, 0, begin.length, 0);
    return begin.toString('utf8') === start;
  } finally {
    closeSync(file);
  }
}

/** Writes the report in one piece: a reader never finds half of it. */
export function writeReportFile(path: string, report: BackfillReport): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  explainWrite('--report-file', path, () => {
    try {
      writeFileSync(unfinished, `${JSON.stringify(report, null, 2)}\n`);
      renameSync(unfinished, path);
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
  });
}
