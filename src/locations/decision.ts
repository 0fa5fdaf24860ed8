import type { Correction } from '../stores/correction.ts';

/** Where the corrected rule and Glance part: the rule mended, and the store Glance would write. */
export interface Deviation {
  readonly rule: Correction;
  /** the store Glance's own rule chooses; null when it chooses none */
  readonly glanceStore: string | null;
  /** the store chosen here; null when none is */
  readonly store: string | null;
}

/**
 * What is to become of one location. Plain data: a dry run tallies it, a run writes it.
 * `url` is the location's URL in clear, credentials included: redact it before it leaves the program.
 * `metaData` is the whole new column text; `previousStore` the JSON text of the store it replaces.
 */
export type Decision =
  | { readonly kind: 'current'; readonly store: string; readonly contradictedBy: null }
  | {
      readonly kind: 'current';
      readonly store: string;
      /** the enabled store that the URL matches instead of the row's own */
      readonly contradictedBy: string;
      readonly url: string;
    }
  | {
      readonly kind: 'assigned';
      readonly url: string;
      readonly store: string;
      readonly metaData: string;
      readonly deviation: Deviation | null;
    }
  | {
      readonly kind: 'replaced';
      readonly url: string;
      readonly store: string;
      readonly previousStore: string;
      readonly metaData: string;
      readonly deviation: Deviation | null;
    }
  | {
      readonly kind: 'skipped';
      readonly url: string;
      readonly store: string;
      readonly previousStore: string;
    }
  | {
      readonly kind: 'unmatched';
      readonly url: string;
      readonly reason: string;
      readonly nearestStore: string | null;
      readonly previousStore: string | null;
      readonly deviation: Deviation | null;
    }
  | {
      readonly kind: 'ambiguous';
      readonly url: string;
      readonly stores: readonly string[];
      readonly previousStore: string | null;
      readonly deviation: Deviation | null;
    }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'conflicted'; readonly reason: string };

/** What became of a row, in one word: the names that reports count by. */
export type Outcome = Decision['kind'];

/** A record, so that the compiler misses the outcome that is not in it. */
const every: Readonly<Record<Outcome, true>> = {
  current: true,
  assigned: true,
  replaced: true,
  skipped: true,
  unmatched: true,
  ambiguous: true,
  unreadable: true,
  conflicted: true,
};

/** All outcomes, in the order of reports. */
export const outcomes = Object.keys(every) as readonly Outcome[];

/** A decision that writes: its `metaData` goes into the column. */
export type Rewrite = Extract<Decision, { metaData: string }>;

/** Whether a decision changes its row. */
export function isRewrite(decision: Decision): decision is Rewrite {
  return decision.kind === 'assigned' || decision.kind === 'replaced';
}
