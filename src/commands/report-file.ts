import { accessSync, constants, renameSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { UsageError } from '../exit-code.ts';
import type { BackfillReport } from '../report/report.ts';

/** Refuses, before anything is done, a report file that could not be written in the end. */
export function checkReportFile(path: string): void {
  if (extname(path) !== '.json') {
    throw new UsageError(`--report-file ${path}: the name must end in .json`);
  }
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch {
    throw new UsageError(`--report-file ${path}: the directory cannot be written to`);
  }
}

/** Writes the report in one piece: a reader never finds half of it. */
export function writeReportFile(path: string, report: BackfillReport): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  writeFileSync(unfinished, `${JSON.stringify(report, null, 2)}\n`);
  renameSync(unfinished, path);
}
