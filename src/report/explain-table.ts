import type { ExplainedLocation, ExplainReport } from './explain-report.ts';
import { clip, joinSections, lineWidth, type Page, type Paint, printable, wrap } from './text.ts';

/** The locations for people, one after the other, in lines of at most `width` columns. Ends in a newline. */
export function renderExplainTable(
  { locations }: ExplainReport,
  paint: Paint,
  width: number = lineWidth,
): string {
  return joinSections(locations.map((location) => locationLines(location, { paint, width })));
}

function locationLines(location: ExplainedLocation, page: Page): string[] {
  const { paint, width } = page;
  const { locationId, imageId, candidates } = location;
  const name = locationId === null ? 'URL' : `Location ${locationId}`;
  const image = imageId === null ? '' : ` of image ${imageId}`;
  return [
    paint.bold(printable(name + image)),
    ...factLines(location, width),
    '',
    paint.dim(
      candidates.length === 0
        ? '  No enabled store takes such URLs.'
        : '  Stores that take such URLs, in the order of enabled_backends',
    ),
    ...candidates.flatMap((candidate) => candidateLines(candidate, page)),
  ];
}

function factLines(location: ExplainedLocation, width: number): string[] {
  const { url, outcome, store, reason, metaData, metaDataAfter, nearestStore } = location;
  const verdict = store === null || outcome === 'out-of-scope' ? outcome : `${outcome}: ${store}`;
  const facts: readonly (readonly [string, string | null])[] = [
    ['URL', clip(url)],
    ['meta_data', clip(metaData ?? 'NULL')],
    ['becomes', metaDataAfter === null ? null : clip(metaDataAfter)],
    ['outcome', verdict],
    ['why', reason],
    ['nearest', nearestStore],
    ['remedy', location.remedy],
    ['Glance', describeGlance(location)],
  ];
  return facts.flatMap(([name, text]) => (text === null ? [] : factLine(name, text, width)));
}

function describeGlance({ glanceStore, glanceReason }: ExplainedLocation): string {
  const choice = `would choose ${glanceStore ?? 'no store'}`;
  return glanceReason === null ? choice : `${choice} (${glanceReason})`;
}

/** Width of the names of facts, in columns, with what stands before and after them. */
const nameWidth = 13;

function factLine(name: string, text: string, width: number): string[] {
  const shown = printable(text);
  // An option to copy stays in one piece.
  const [first = '', ...more] =
    name === 'remedy' ? [' '.repeat(nameWidth) + shown] : wrap(shown, nameWidth, width);
  return [`  ${name}`.padEnd(nameWidth) + first.slice(nameWidth), ...more];
}

function candidateLines(
  { store, reserved, prefix, matches, why }: ExplainedLocation['candidates'][number],
  { paint, width }: Page,
): string[] {
  const mark = matches ? paint.green('*') : ' ';
  return [
    `  ${mark} ${paint.cyan(printable(store))}${reserved ? paint.dim('  reserved by Glance, never a target') : ''}`,
    ...(prefix === null ? [] : [`      ${printable(prefix)}`]),
    ...wrap(printable(why), 6, width),
  ];
}
