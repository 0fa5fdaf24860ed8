import { listCosts } from './costs.ts';
import { listOutcomes, stopText } from './outcomes.ts';
import type { BackfillReport, StoreReport } from './report.ts';
import { groupSections } from './table-groups.ts';
import { rewrittenRows } from './tally.ts';
import {
  countLabel,
  formatCount,
  joinSections,
  lineWidth,
  numberWidth,
  type Page,
  type Paint,
  plural,
  printable,
  spaced,
  unbroken,
  wrap,
} from './text.ts';

/** The report for people: plain lines of at most `width` columns where the data allow, ending in a newline. */
export function renderReportTable(
  report: BackfillReport,
  paint: Paint,
  width: number = lineWidth,
): string {
  const page = { paint, width };
  const sections = [
    headline(report, page),
    storeLines(report.stores, page),
    rowLines(report, page),
    costLines(report, page),
    ...groupSections(report, page),
    closing(report, page),
  ];
  return joinSections(sections);
}

function stopLines(report: BackfillReport, { paint, width }: Page): string[] {
  const text = stopText(report);
  return text === null ? [] : wrap(text, 0, width).map((line) => paint.yellow(line));
}

function headline(report: BackfillReport, page: Page): string[] {
  const { paint, width } = page;
  const { database, rows, seconds, rowsPerSecond } = report;
  const speed = `${plural(rows.examined, 'row')} in ${seconds.toFixed(1)} s`;
  const rate = rowsPerSecond > 0 ? ` ${unbroken(`(${formatCount(rowsPerSecond)} rows/s)`)}` : '';
  const facts = printable(
    `${database.server}, database ${database.name}; matching ${report.matching};`,
  );
  return [
    paint.bold(report.dryRun ? 'Dry run: nothing was written.' : 'Backfill'),
    // A number stays with its unit.
    ...wrap(`${facts} ${unbroken(speed)}${rate}`, 0, width).map((line) => paint.dim(spaced(line))),
    ...stopLines(report, page),
  ];
}

function storeLines(stores: readonly StoreReport[], { paint, width: lineEnd }: Page): string[] {
  const room = lineEnd - 3 * numberWidth;
  const width = Math.min(room, Math.max(5, ...stores.map(({ id }) => printable(id).length)));
  const cells = (...numbers: string[]): string =>
    numbers.map((number) => number.padStart(numberWidth)).join('');
  const header = 'Store'.padEnd(width) + cells('current', 'assigned', 'replaced');
  const idle = stores.filter(isIdle);
  const isFolded = idle.length > mostIdle;
  const shown = isFolded ? stores.filter((store) => !isIdle(store)) : stores;
  const lines = shown.flatMap(({ id, error, current, assigned, replaced }) => {
    const name = printable(id);
    const numbers = cells(...[current, assigned, replaced].map(formatCount));
    const line =
      name.length <= width ? [name.padEnd(width) + numbers] : [name, ' '.repeat(width) + numbers];
    const why =
      error === null
        ? []
        : wrap(printable(`no prefix: ${error}`), 2, lineEnd).map((line) => paint.yellow(line));
    return [...line, ...why];
  });
  const folded = isFolded ? [paint.dim(`${plural(idle.length, 'store')} without rows`)] : [];
  return [paint.bold(header), ...lines, ...folded];
}

/** Stores without rows that are listed; more than these are only counted. */
const mostIdle = 20;

function isIdle({ error, current, assigned, replaced }: StoreReport): boolean {
  return error === null && current + assigned + replaced === 0;
}

function rowLines({ rows, dryRun }: BackfillReport, page: Page): string[] {
  const { paint } = page;
  return [
    paint.bold(countLabel('Rows', rows.examined)),
    ...listOutcomes(rows, dryRun).flatMap(({ kind, meaning, problem }) => {
      const lines = withMeaning(countLabel(kind, rows[kind]), meaning, page);
      return problem && rows[kind] > 0 ? lines.map((line) => paint.yellow(line)) : lines;
    }),
  ];
}

/** What a line's numbers mean: beside them, below where the line is too narrow. */
function withMeaning(numbers: string, meaning: string, { width }: Page): string[] {
  const indent = numbers.length + 2;
  if (indent + meaning.length > width) return [numbers, ...wrap(meaning, 4, width)];
  return [`${numbers}  ${meaning}`];
}

/** Nothing where nothing is left to be desired. */
function costLines({ costs, stoppedBy }: BackfillReport, page: Page): string[] {
  const listed = listCosts(costs).filter(({ before }) => before > 0);
  if (listed.length === 0) return [];
  const cells = (label: string, ...numbers: string[]): string =>
    label.padEnd(4) + numbers.map((text) => text.padStart(numberWidth)).join('');
  const titles = cells('Cost', 'before', 'after');
  const header = stoppedBy === null ? [titles] : withMeaning(titles, 'of the rows looked at', page);
  return [
    ...header.map((line) => page.paint.bold(line)),
    ...listed.flatMap(({ before, after, meaning }) =>
      withMeaning(cells('', formatCount(before), formatCount(after)), meaning, page),
    ),
  ];
}

function closing(report: BackfillReport, { paint, width }: Page): string[] {
  const { journal, refusals } = report;
  if (refusals.length > 0) return refusalLines(refusals, { paint, width });
  return [
    ...wrap(verdict(report), 0, width).map((line) => paint.green(line)),
    ...(journal === null ? [] : [`Journal: ${printable(journal)}`]),
  ];
}

/** How many rows were, or would be, written. */
function verdict({ dryRun, rows }: Pick<BackfillReport, 'dryRun' | 'rows'>): string {
  const toWrite = rewrittenRows(rows);
  if (!dryRun) return `${plural(toWrite, 'row')} written.`;
  return toWrite === 0
    ? 'There is nothing to write.'
    : `Without --dry-run ${plural(toWrite, 'row')} would be written.`;
}

/** Only a dry run comes so far. */
function refusalLines(refusals: readonly string[], { paint, width }: Page): string[] {
  return [
    paint.bold('Without --dry-run this run would be refused'),
    ...refusals.flatMap((why) => wrap(printable(why), 2, width).map((line) => paint.yellow(line))),
  ];
}
