import { extname, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { htmlReportStart, renderReportHtml } from '../report/report-html.ts';
import type { BackfillReport } from '../report/report.ts';
import { renderJson } from '../report/text.ts';
import { checkPlace, followLink } from './output-place.ts';
import { explainWrite, writeWholeFile } from './whole-file.ts';

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
    checkPlace('--report-file', reportFile, kind.start);
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
      render: renderJson,
    },
  ],
  ['.html', { start: htmlReportStart, render: renderReportHtml }],
]);

function kindOf(path: string): ReportKind | undefined {
  return reportKinds.get(extname(path));
}

/** What a rows file of an earlier run begins with: only such a one is written over. */
const rowsStart = '{"locationId":';

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
