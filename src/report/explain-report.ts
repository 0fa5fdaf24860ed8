import type { Decision, Outcome } from '../locations/decision.ts';
import type { MatchExplanation } from '../locations/explain-match.ts';
import { corrections } from '../stores/correction.ts';
import { describeAmbiguous } from './group-text.ts';
import { redactUrl } from './redaction.ts';
import { type Paint, printable, wrap } from './text.ts';

/** The result of `explain`: what `-f json` prints (docs/explain.schema.json). */
export interface ExplainReport {
  readonly schema: 'glance-store-backfill/explain@1';
  readonly locations: readonly ExplainedLocation[];
}

/** One location: what becomes of it, and why. */
export interface ExplainedLocation {
  /** null for a URL of the command line */
  readonly locationId: number | null;
  readonly imageId: string | null;
  /** redacted */
  readonly url: string;
  /** `out-of-scope`: deleted, so that no run looks at it */
  readonly outcome: Outcome | 'out-of-scope';
  /** the store the row has or is to get; null when there is none */
  readonly store: string | null;
  /** the `store` in `meta_data`, as JSON text; null when there is none */
  readonly currentStore: string | null;
  /** what Glance's own rule chooses; null when it chooses none, or that is not known here */
  readonly glanceStore: string | null;
  /** why no store is chosen, or the choice differs from Glance's; null where there is nothing to say */
  readonly reason: string | null;
  readonly candidates: readonly {
    readonly store: string;
    readonly prefix: string | null;
    readonly matches: boolean;
    readonly why: string;
  }[];
  readonly metaData: string | null;
  /** null where nothing would be written */
  readonly metaDataAfter: string | null;
}

/** What is known of a location. */
export interface LocationFacts {
  readonly locationId: number | null;
  readonly imageId: string | null;
  /** in clear; null where it cannot be decrypted */
  readonly url: string | null;
  readonly metaData: string | null;
  readonly currentStore: string | null;
  readonly inScope: boolean;
  readonly decision: Decision;
  readonly explanation: MatchExplanation;
}

/** Puts the facts of one location together, without secrets. */
export function explainLocation(facts: LocationFacts): ExplainedLocation {
  const { locationId, imageId, url, metaData, currentStore, inScope, decision } = facts;
  const { candidates, glance } = facts.explanation;
  const isRewritten = inScope && 'metaData' in decision;
  return {
    locationId,
    imageId,
    url: url === null ? '(encrypted)' : redactUrl(url),
    outcome: inScope ? decision.kind : 'out-of-scope',
    store: 'store' in decision ? decision.store : null,
    currentStore,
    glanceStore: glance.kind === 'one' ? glance.store.id : null,
    reason: reasonOf(facts),
    candidates: candidates.map(({ store, matches, why }) => ({
      store: store.id,
      prefix: store.urlPrefix.kind === 'known' ? redactUrl(store.urlPrefix.value) : null,
      matches,
      why,
    })),
    metaData,
    metaDataAfter: isRewritten ? decision.metaData : null,
  };
}

function reasonOf({ inScope, decision, explanation: { glance } }: LocationFacts): string | null {
  if (!inScope) return 'the row is deleted, or waits to be; no run looks at it';
  if ('reason' in decision) return decision.reason;
  if (decision.kind === 'ambiguous') return describeAmbiguous(decision.stores, 'fits');
  if (decision.kind === 'current') return contradictionOf(decision);
  if (decision.kind === 'skipped') return 'names a store that is not enabled here (--only-missing)';
  if (glance.kind === 'unknown')
    return `what Glance chooses hangs on store ${glance.store.id}, whose prefix is not known here`;
  const { deviation } = decision;
  return deviation === null
    ? null
    : `unlike Glance (${deviation.rule}): ${corrections[deviation.rule]}`;
}

function contradictionOf({ contradictedBy }: Extract<Decision, { kind: 'current' }>): string {
  return contradictedBy === null
    ? 'names an enabled store, which neither Glance nor a run questions'
    : `names an enabled store, but the URL lies in ${contradictedBy}; --include contradicting would replace it`;
}

/** The locations for people, one after the other. Ends in a newline. */
export function renderExplainTable({ locations }: ExplainReport, paint: Paint): string {
  return `${locations.map((location) => locationLines(location, paint).join('\n')).join('\n\n')}\n`;
}

function locationLines(location: ExplainedLocation, paint: Paint): string[] {
  const { locationId, imageId, candidates } = location;
  const name = locationId === null ? 'URL' : `Location ${locationId}`;
  const image = imageId === null ? '' : ` of image ${imageId}`;
  return [
    paint.bold(printable(name + image)),
    ...factLines(location),
    '',
    paint.dim(
      candidates.length === 0
        ? '  No enabled store takes such URLs.'
        : '  Stores that take such URLs, in the order of enabled_backends',
    ),
    ...candidates.flatMap((candidate) => candidateLines(candidate, paint)),
  ];
}

function factLines(location: ExplainedLocation): string[] {
  const { url, outcome, store, glanceStore, reason, metaData, metaDataAfter } = location;
  const verdict = store === null || outcome === 'out-of-scope' ? outcome : `${outcome}: ${store}`;
  const facts: readonly (readonly [string, string | null])[] = [
    ['URL', url],
    ['meta_data', metaData ?? 'NULL'],
    ['becomes', metaDataAfter],
    ['outcome', verdict],
    ['why', reason],
    ['Glance', glanceStore === null ? 'would choose no store' : `would choose ${glanceStore}`],
  ];
  return facts.flatMap(([name, text]) => (text === null ? [] : factLine(name, text)));
}

/** Width of the names of facts, in columns, with what stands before and after them. */
const nameWidth = 13;

function factLine(name: string, text: string): string[] {
  const [first = '', ...more] = wrap(printable(text), nameWidth);
  return [`  ${name}`.padEnd(nameWidth) + first.slice(nameWidth), ...more];
}

function candidateLines(
  { store, prefix, matches, why }: ExplainedLocation['candidates'][number],
  paint: Paint,
): string[] {
  const mark = matches ? paint.green('*') : ' ';
  return [
    `  ${mark} ${paint.cyan(printable(store))}`,
    ...(prefix === null ? [] : [`      ${printable(prefix)}`]),
    ...wrap(printable(why), 6),
  ];
}
