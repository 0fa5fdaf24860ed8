import { corrections } from '../stores/correction.ts';
import type { Example } from './groups.ts';
import { type BackfillReport, others, type StoppedBy, type StoreReport } from './report.ts';
import { formatCount, lineWidth, type Paint, plural, printable, wrap } from './text.ts';

/** The report for people: plain lines of at most 80 columns where the data allow, ending in a newline. */
export function renderReportTable(report: BackfillReport, paint: Paint): string {
  const sections = [
    headline(report, paint),
    storeLines(report.stores, paint),
    rowLines(report, paint),
    replacementLines(report, paint),
    unmatchedLines(report, paint),
    ambiguousLines(report, paint),
    unreadableLines(report, paint),
    contradictingLines(report, paint),
    deviationLines(report, paint),
    closing(report, paint),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const stops: Readonly<Record<StoppedBy, string>> = {
  signal: 'Stopped by a signal',
  'max-count': 'Stopped by --max-count',
  'run-time': 'Stopped by --run-time',
  throttle: 'Stopped, as the database was too busy for too long,',
  error: 'Stopped by an error',
};

/** None for a run that came to the table's end. */
function stopLines({ stoppedBy, stoppedAt }: BackfillReport, paint: Paint): string[] {
  if (stoppedBy === null) return [];
  const { locationId, lastLocationId } = stoppedAt ?? {};
  const where =
    locationId === undefined || lastLocationId === undefined
      ? ''
      : ` at location id ${formatCount(locationId)} of ${formatCount(lastLocationId)}`;
  const text = `${stops[stoppedBy]}${where}; not all rows further on were looked at.`;
  return wrap(text, 0).map((line) => paint.yellow(line));
}

function headline(report: BackfillReport, paint: Paint): string[] {
  const { database, rows, seconds, rowsPerSecond } = report;
  const speed = `${plural(rows.examined, 'row')} in ${seconds.toFixed(1)} s`;
  const rate = rowsPerSecond > 0 ? ` (${formatCount(rowsPerSecond)} rows/s)` : '';
  const facts = `${database.server}, database ${database.name}; matching ${report.matching}; ${speed}${rate}`;
  return [
    paint.bold(report.dryRun ? 'Dry run: nothing was written.' : 'Backfill'),
    ...wrap(printable(facts), 0).map((line) => paint.dim(line)),
    ...stopLines(report, paint),
  ];
}

const numberWidth = 11;

function storeLines(stores: readonly StoreReport[], paint: Paint): string[] {
  const room = lineWidth - 3 * numberWidth;
  const width = Math.min(room, Math.max(5, ...stores.map(({ id }) => printable(id).length)));
  const cells = (...numbers: string[]): string =>
    numbers.map((number) => number.padStart(numberWidth)).join('');
  const header = 'Store'.padEnd(width) + cells('current', 'assigned', 'replaced');
  const lines = stores.flatMap(({ id, error, current, assigned, replaced }) => {
    const name = printable(id);
    const numbers = cells(...[current, assigned, replaced].map(formatCount));
    const line =
      name.length <= width ? [name.padEnd(width) + numbers] : [name, ' '.repeat(width) + numbers];
    const why =
      error === null
        ? []
        : wrap(printable(`no prefix: ${error}`), 2).map((line) => paint.yellow(line));
    return [...line, ...why];
  });
  return [paint.bold(header), ...lines];
}

type RowKind = Exclude<keyof BackfillReport['rows'], 'examined'>;

interface RowLine {
  readonly kind: RowKind;
  readonly meaning: string;
  /** shown also when there are none; the others only when there are some */
  readonly always?: boolean;
  readonly problem?: boolean;
}

function rowKinds(dryRun: boolean): readonly RowLine[] {
  return [
    { kind: 'current', meaning: 'name an enabled store already', always: true },
    {
      kind: 'assigned',
      meaning: dryRun ? 'have no store and would get one' : 'had no store and got one',
      always: true,
    },
    {
      kind: 'replaced',
      meaning: dryRun
        ? 'name a wrong store; it would be replaced'
        : 'named a wrong store; replaced',
      always: true,
    },
    { kind: 'skipped', meaning: 'name a store not enabled; left so by --only-missing' },
    { kind: 'unmatched', meaning: 'fit no store; left as they are', always: true, problem: true },
    { kind: 'ambiguous', meaning: 'fit several stores equally; left as they are', problem: true },
    { kind: 'unreadable', meaning: 'cannot be read; left as they are', problem: true },
    { kind: 'conflicted', meaning: 'removed or deleted while the run went on', problem: true },
    { kind: 'contradicting', meaning: 'current, yet the URL lies in another store', problem: true },
  ];
}

function rowLines({ rows, dryRun }: BackfillReport, paint: Paint): string[] {
  const count = (label: string, rowCount: number): string =>
    label.padEnd(14) + formatCount(rowCount).padStart(numberWidth);
  const shown = rowKinds(dryRun).filter(({ kind, always }) => always === true || rows[kind] > 0);
  return [
    paint.bold(count('Rows', rows.examined)),
    ...shown.map(({ kind, meaning, problem }) => {
      const line = `${count(kind, rows[kind])}  ${meaning}`;
      return problem === true && rows[kind] > 0 ? paint.yellow(line) : line;
    }),
  ];
}

function replacementLines({ replacements, dryRun }: BackfillReport, paint: Paint): string[] {
  const gets = dryRun ? 'would get' : 'got';
  return section('Replaced', paint, replacements, ({ previousStore, store, example }) => [
    example === null ? store : `named ${previousStore}, ${gets} ${store}`,
  ]);
}

function unmatchedLines({ unmatched }: BackfillReport, paint: Paint): string[] {
  return section('Unmatched', paint, unmatched, ({ shape, reason, nearestStore }) => [
    shape,
    ...(reason === shape ? [] : [reason]),
    ...(nearestStore === null ? [] : [`nearest store: ${nearestStore}`]),
  ]);
}

function ambiguousLines({ ambiguous }: BackfillReport, paint: Paint): string[] {
  return section('Ambiguous', paint, ambiguous, ({ stores }) => [
    stores.length === 0 ? '(others)' : `fit ${stores.join(' and ')} equally well`,
  ]);
}

function unreadableLines({ unreadable }: BackfillReport, paint: Paint): string[] {
  return section('Unreadable', paint, unreadable, ({ reason }) => [reason]);
}

function contradictingLines({ contradicting }: BackfillReport, paint: Paint): string[] {
  const title = 'Contradicting; --include contradicting replaces the store';
  return section(title, paint, contradicting, ({ store, matchingStore, example }) => [
    example === null ? store : `name ${store}, yet the URL lies in ${matchingStore}`,
  ]);
}

function deviationLines({ deviationsFromGlance }: BackfillReport, paint: Paint): string[] {
  return section('Unlike Glance', paint, deviationsFromGlance, ({ rule, glanceStore, store }) =>
    rule === others
      ? [rule]
      : [
          `${rule}: Glance would choose ${glanceStore ?? 'no store'}, here ${store ?? 'none is chosen'}`,
          corrections[rule],
        ],
  );
}

interface Listed {
  readonly count: number;
  readonly example: Example | null;
}

function section<T extends Listed>(
  title: string,
  paint: Paint,
  groups: readonly T[],
  describe: (group: T) => readonly string[],
): string[] {
  if (groups.length === 0) return [];
  const lines = groups.flatMap((group) => {
    const [head = '', ...details] = describe(group).map(printable);
    const [first = '', ...more] = wrap(head, numberWidth);
    const count = formatCount(group.count).padStart(numberWidth - 2);
    return [
      count + first.slice(count.length),
      ...more,
      ...[...details, ...exampleText(group.example)].flatMap((text) =>
        wrap(text, numberWidth).map((line) => paint.dim(line)),
      ),
    ];
  });
  return [paint.bold(title), ...lines];
}

function exampleText(example: Example | null): string[] {
  if (example === null) return [];
  return [printable(`e.g. location ${example.locationId} of image ${example.imageId}`)];
}

function closing({ dryRun, rows, journal, refusals }: BackfillReport, paint: Paint): string[] {
  const toWrite = rows.assigned + rows.replaced;
  const next = dryRun
    ? toWrite === 0
      ? 'There is nothing to write.'
      : `Without --dry-run ${plural(toWrite, 'row')} would be written.`
    : `${plural(toWrite, 'row')} written.`;
  if (refusals.length > 0) return refusalLines(refusals, paint);
  return [paint.green(next), ...(journal === null ? [] : [`Journal: ${journal}`])];
}

/** Only a dry run comes so far. */
function refusalLines(refusals: readonly string[], paint: Paint): string[] {
  return [
    paint.bold('Without --dry-run this run would be refused'),
    ...refusals.flatMap((why) => wrap(printable(why), 2).map((line) => paint.yellow(line))),
  ];
}
