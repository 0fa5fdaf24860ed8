import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { explainWrite } from '../report/output-file.ts';
import { htmlReportStart, renderReportHtml } from '../report/report-html.ts';
import type { BackfillReport } from '../report/report.ts';
import { writeWholeFile } from './whole-file.ts';

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
    const kind = kindOf(reportFile);
    if (kind === undefined) {
      throw new UsageError(`--report-file ${reportFile}: the name must end in .json or .html`);
    }
    checkPlace('--report-file', followLink('--report-file', reportFile), kind.start);
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

/** A kind of report file. */
interface ReportKind {
  /** what the files of an earlier run begin with: only these are written over */
  readonly start: string;
  readonly render: (report: BackfillReport) => string;
}

const reportKinds: ReadonlyMap<string, ReportKind> = new Map([
  [
    '.json',
    {
      start: '{\n  "schema": "glance-store-backfill/report@1"',
      render: (report) => `${JSON.stringify(report, null, 2)}\n`,
    },
  ],
  ['.html', { start: htmlReportStart, render: renderReportHtml }],
]);

function kindOf(path: string): ReportKind | undefined {
  return reportKinds.get(extname(path));
}

/** What a rows file of an earlier run begins with: only such a one is written over. */
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

/** The file that a path means: a symbolic link stays, and what it points to is written, be it still to be made. */
function followLink(option: string, path: string, links = 0): string {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (!isLink) return path;
  if (links >= mostLinks)
    throw new UsageError(`${option} ${path}: its symbolic links go in a circle`);
  return followLink(option, resolve(realpathSync(dirname(path)), readlinkSync(path)), links + 1);
}

/** As many links in a row as Linux follows. */
const mostLinks = 40;

/**
 * Writes the report in one piece, as JSON or HTML by the end of the name: a reader never finds half of it.
 *
 * @throws the disk's error, with the option and the file's name
 */
export function writeReportFile(path: string, report: BackfillReport): void {
  explainWrite('--report-file', path, () => {
    writeWholeFile(followLink('--report-file', path), kindOf(path)?.render(report) ?? '');
  });
}
