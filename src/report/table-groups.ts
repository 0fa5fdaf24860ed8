import { corrections } from '../stores/correction.ts';
import {
  describeAmbiguous,
  describeContradicting,
  describeReplaced,
  describeUnmatched,
  exampleText,
  introduceRemedy,
} from './group-text.ts';
import type { Listed } from './groups.ts';
import { type BackfillReport, others } from './report.ts';
import { clip, formatCount, numberWidth, type Page, printable, wrap } from './text.ts';

/** The sections that list groups of rows; one without any has no lines. */
export function groupSections(report: BackfillReport, page: Page): readonly (readonly string[])[] {
  return [
    replacementLines(report, page),
    unmatchedLines(report, page),
    ambiguousLines(report, page),
    unreadableLines(report, page),
    contradictingLines(report, page),
    deviationLines(report, page),
  ];
}

function replacementLines({ replacements, dryRun }: BackfillReport, page: Page): string[] {
  const gets = dryRun ? 'would get' : 'got';
  return section('Replaced', page, replacements, (group) => [describeReplaced(group, gets)]);
}

function unmatchedLines({ unmatched }: BackfillReport, page: Page): string[] {
  return section('Unmatched', page, unmatched, (group) => {
    const why = describeUnmatched(group);
    return [
      clip(group.shape),
      ...(why === group.shape ? [] : [why]),
      ...(group.remedy === null ? [] : [introduceRemedy(group.nearestStore), group.remedy]),
    ];
  });
}

function ambiguousLines({ ambiguous }: BackfillReport, page: Page): string[] {
  return section('Ambiguous', page, ambiguous, ({ stores }) => [describeAmbiguous(stores)]);
}

function unreadableLines({ unreadable }: BackfillReport, page: Page): string[] {
  return section('Unreadable', page, unreadable, ({ reason }) => [reason]);
}

function contradictingLines({ contradicting }: BackfillReport, page: Page): string[] {
  const title = 'Contradicting; --include contradicting replaces the store';
  return section(title, page, contradicting, (group) => [describeContradicting(group)]);
}

function deviationLines({ deviationsFromGlance }: BackfillReport, page: Page): string[] {
  return section('Unlike Glance', page, deviationsFromGlance, ({ rule, glanceStore, store }) =>
    rule === others
      ? [rule]
      : [
          `${rule}: Glance would choose ${glanceStore ?? 'no store'}, here ${store ?? 'none is chosen'}`,
          corrections[rule],
        ],
  );
}

function section<T extends Listed>(
  title: string,
  { paint, width }: Page,
  groups: readonly T[],
  describe: (group: T) => readonly string[],
): string[] {
  if (groups.length === 0) return [];
  const lines = groups.flatMap((group) => {
    const example = group.example === null ? [] : [printable(exampleText(group.example))];
    const [head = '', ...details] = describe(group).map(printable);
    const [first = '', ...more] = wrap(head, numberWidth, width);
    const count = formatCount(group.count).padStart(numberWidth - 2);
    return [
      count + first.slice(count.length),
      ...more,
      ...[...details, ...example].flatMap((text) =>
        indent(text, width).map((line) => paint.dim(line)),
      ),
    ];
  });
  return [paint.bold(title), ...lines];
}

/** An option to copy stays in one piece. */
function indent(text: string, width: number): string[] {
  return text.startsWith('--') ? [' '.repeat(numberWidth) + text] : wrap(text, numberWidth, width);
}
