import type { Decision, Outcome } from '../locations/decision.ts';
import type { MatchExplanation } from '../locations/explain-match.ts';
import type { Match } from '../locations/match.ts';
import { corrections } from '../stores/correction.ts';
import type { Store } from '../stores/store.ts';
import { describeAmbiguous } from './group-text.ts';
import { mapPrefixOf, suggestMap } from './map-suggestion.ts';
import { redactMetaData, redactStore, redactUrl } from './redaction.ts';

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
  /** the `store` in `meta_data`, as JSON text, redacted; null when there is none */
  readonly currentStore: string | null;
  /** what Glance's own rule chooses; null when it chooses none, or that is not known here */
  readonly glanceStore: string | null;
  /** why Glance chooses another store, or none; null where it agrees */
  readonly glanceReason: string | null;
  /** why the outcome is what it is; null where there is nothing to say */
  readonly reason: string | null;
  /** of an unmatched URL: the store whose URLs are most like it; null when none is near */
  readonly nearestStore: string | null;
  /** of an unmatched URL: the option that settles all URLs like it; null when none would */
  readonly remedy: string | null;
  readonly candidates: readonly {
    readonly store: string;
    /** Glance keeps it for itself */
    readonly reserved: boolean;
    readonly prefix: string | null;
    readonly matches: boolean;
    readonly why: string;
  }[];
  /** redacted */
  readonly metaData: string | null;
  /** redacted; null where nothing would be written */
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
  /** what the rule says of the URL, whatever the row holds */
  readonly match: Match;
  readonly explanation: MatchExplanation;
  /** of the run, the reserved ones, too */
  readonly stores: readonly Store[];
}

/** Puts the facts of one location together, without secrets. */
export function explainLocation(facts: LocationFacts): ExplainedLocation {
  const { locationId, imageId, url, metaData, currentStore, inScope, decision } = facts;
  const { candidates, glance } = facts.explanation;
  const after = inScope && 'metaData' in decision ? decision.metaData : null;
  const redact = (text: string | null): string | null =>
    text === null ? null : redactMetaData(text, currentStore);
  return {
    locationId,
    imageId,
    url: url === null ? '(encrypted)' : redactUrl(url),
    outcome: inScope ? decision.kind : 'out-of-scope',
    store: 'store' in decision ? decision.store : null,
    currentStore: currentStore === null ? null : redactStore(currentStore),
    glanceStore: glance.kind === 'one' ? glance.store.id : null,
    glanceReason: glanceReasonOf(facts),
    reason: reasonOf(facts),
    ...findRemedy(facts),
    candidates: candidates.map(({ store, matches, why }) => ({
      store: store.id,
      reserved: store.reserved,
      prefix: store.urlPrefix.kind === 'known' ? redactUrl(store.urlPrefix.value) : null,
      matches,
      why,
    })),
    metaData: redact(metaData),
    metaDataAfter: redact(after),
  };
}

function glanceReasonOf({ match, explanation: { glance } }: LocationFacts): string | null {
  if (glance.kind === 'unknown')
    return `its choice hangs on store ${glance.store.id}, whose prefix is not known here`;
  const deviation = match.kind === 'not-a-url' ? null : match.deviation;
  return deviation === null ? null : `${deviation.rule}: ${corrections[deviation.rule]}`;
}

function findRemedy({
  url,
  imageId,
  decision,
  match,
  stores,
}: LocationFacts): Pick<ExplainedLocation, 'nearestStore' | 'remedy'> {
  if (url === null || decision.kind !== 'unmatched' || match.kind !== 'none') {
    return { nearestStore: null, remedy: null };
  }
  const { nearestStore } = match;
  const unmatched = { shape: url, mapPrefix: mapPrefixOf(url, imageId ?? ''), nearestStore };
  // Other rows are not looked at.
  return { nearestStore, remedy: suggestMap(unmatched, stores, undefined) };
}

function reasonOf({ inScope, decision }: LocationFacts): string | null {
  if (!inScope) return 'the row is deleted, or waits to be; no run looks at it';
  if ('reason' in decision) return decision.reason;
  if (decision.kind === 'ambiguous') return describeAmbiguous(decision.stores, 'fits');
  if (decision.kind === 'current') return contradictionOf(decision);
  if (decision.kind === 'skipped') return 'names a store that is not enabled here (--only-missing)';
  return null;
}

function contradictionOf({ contradictedBy }: Extract<Decision, { kind: 'current' }>): string {
  return contradictedBy === null
    ? 'names an enabled store, which neither Glance nor a run questions'
    : `names an enabled store, but the URL lies in ${contradictedBy}; --include contradicting would replace it`;
}
