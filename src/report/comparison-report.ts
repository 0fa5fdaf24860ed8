import type { StoreDifference } from '../stores/compare.ts';
import type { UrlPrefix } from '../stores/store.ts';
import { redactUrl } from './redaction.ts';
import { type Page, plural, printable, wrap } from './text.ts';

/** How another configuration differs. */
export interface ComparisonReport {
  /** as given with `--compare-with` */
  readonly file: string;
  /** empty when both lead to the same stores */
  readonly differences: readonly DifferenceReport[];
}

/** One difference; `here` is the configuration of the command, `there` the other one. */
export interface DifferenceReport {
  /** null where it is not about one store */
  readonly store: string | null;
  readonly what:
    | 'missing-here'
    | 'missing-there'
    | 'order'
    | 'type'
    | 'prefix'
    | 'credentials'
    | 'places'
    | 'encryption-key';
  readonly here: string | null;
  readonly there: string | null;
}

/** How a prefix is shown: as it is, or without its credentials. */
export type ShowPrefix = (prefix: string) => string;

/** @param show `redactUrl`, unless secrets are to be shown */
export function reportDifference(difference: StoreDifference, show: ShowPrefix): DifferenceReport {
  switch (difference.kind) {
    case 'order': {
      const { here, there } = difference;
      return { store: null, what: 'order', here: here.join(', '), there: there.join(', ') };
    }
    case 'missing-here': {
      const { id, urlPrefix } = difference.store;
      return { store: id, what: 'missing-here', here: null, there: tell(urlPrefix, show) };
    }
    case 'missing-there': {
      const { id, urlPrefix } = difference.store;
      return { store: id, what: 'missing-there', here: tell(urlPrefix, show), there: null };
    }
    case 'type': {
      const { store, here, there } = difference;
      return { store, what: 'type', here, there };
    }
    case 'prefix': {
      const [here, there] = [tell(difference.here, show), tell(difference.there, show)];
      return { store: difference.store, what: nameDifference(difference), here, there };
    }
    case 'places':
      return { store: difference.store, what: 'places', here: null, there: null };
  }
}

function tell(prefix: UrlPrefix, show: ShowPrefix): string {
  return prefix.kind === 'known' ? show(prefix.value) : `no prefix: ${prefix.why}`;
}

/** What is the same without its credentials differs in these alone, be they shown or not. */
function nameDifference({
  here,
  there,
}: Extract<StoreDifference, { kind: 'prefix' }>): 'prefix' | 'credentials' {
  return tell(here, redactUrl) === tell(there, redactUrl) ? 'credentials' : 'prefix';
}

const titles: Readonly<Record<DifferenceReport['what'], string>> = {
  'missing-here': 'is enabled there only',
  'missing-there': 'is enabled here only',
  order: 'the order of the stores differs; Glance takes the first one that fits',
  type: 'has another driver',
  prefix: 'has another prefix',
  credentials: 'has other credentials, and else the same prefix',
  places:
    'has the same prefix, but other options that a URL is compared with, such as its directories',
  'encryption-key':
    'the metadata_encryption_key differs: one of the two cannot read encrypted locations',
};

/** Each other configuration for people; begins with an empty line for each. */
export function comparisonLines(
  comparisons: readonly ComparisonReport[],
  page: Page,
): readonly string[] {
  const { paint } = page;
  return comparisons.flatMap(({ file, differences }) => [
    '',
    paint.bold(printable(`Compared with ${file}`)),
    ...(differences.length === 0
      ? ['  the same stores, at the same places']
      : [
          ...differences.flatMap((difference) => differenceLines(difference, page)),
          paint.yellow(`  ${plural(differences.length, 'difference')}`),
        ]),
  ]);
}

function differenceLines(
  { store, what, here, there }: DifferenceReport,
  { paint, width }: Page,
): readonly string[] {
  const subject = store === null ? '' : `${store} `;
  const sides = here === there ? [here] : [here && `here:  ${here}`, there && `there: ${there}`];
  return [
    ...wrap(printable(subject + titles[what]), 2, width).map((line, index) =>
      index > 0 ? line : line.replace(printable(subject), paint.cyan(printable(subject))),
    ),
    ...sides.flatMap((side) => (side === null ? [] : wrap(printable(side), 4, width))),
  ];
}
