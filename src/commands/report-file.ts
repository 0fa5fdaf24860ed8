import { accessSync, constants, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { UsageError } from '../exit-code.ts';
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
    checkPlace('--report-file', reportFile);
  }
  if (rowsFile !== undefined) checkPlace('--rows-file', rowsFile);
}

function checkPlace(option: string, path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new UsageError(`${option} ${path}: it is a directory; name a file`);
  }
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch {
    throw new UsageError(`${option} ${path}: the directory cannot be written to`);
  }
}

/** Writes the report in one piece: a reader never finds half of it. */
export function writeReportFile(path: string, report: BackfillReport): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  writeFileSync(unfinished, `${JSON.stringify(report, null, 2)}\n`);
  renameSync(unfinished, path);
}
