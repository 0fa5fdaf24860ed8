import type { Fit } from '../stores/fit.ts';
import type { Store } from '../stores/store.ts';

/** A store and how the URL fits it. */
export interface Verdict {
  readonly store: Store;
  readonly fit: Fit;
}

/** A store in which the URL lies. */
export interface FittingVerdict extends Verdict {
  readonly fit: Extract<Fit, { kind: 'fits' }>;
}

/**
 * What comes of all verdicts.
 *
 * `many`: the stores that fit equally well, two or more. `reserved`: the URL lies deepest in a store that Glance
 * reserves for itself.
 */
export type Choice =
  | { readonly kind: 'one'; readonly verdict: FittingVerdict }
  | { readonly kind: 'many'; readonly verdicts: readonly FittingVerdict[] }
  | { readonly kind: 'reserved'; readonly verdict: FittingVerdict }
  | { readonly kind: 'none' };

/**
 * Chooses among the stores of a URL's scheme: the most specific fit. Two that are equally specific are too many; a
 * reserved store that is more specific than any other means none, and so does a store out of order that the URL names.
 */
export function choose(verdicts: readonly Verdict[]): Choice {
  if (verdicts.some(({ fit }) => fit.kind === 'misses' && fit.isOwn)) return { kind: 'none' };
  const fitting = verdicts.flatMap(({ store, fit }) =>
    fit.kind === 'fits' ? [{ store, fit }] : [],
  );
  const enabled = findDeepest(fitting.filter(({ store }) => !store.reserved));
  const [verdict] = enabled;
  const [reserved] = findDeepest(fitting.filter(({ store }) => store.reserved));
  if (reserved !== undefined && reserved.fit.depth > (verdict?.fit.depth ?? -1)) {
    return { kind: 'reserved', verdict: reserved };
  }
  if (verdict === undefined) return { kind: 'none' };
  return enabled.length === 1 ? { kind: 'one', verdict } : { kind: 'many', verdicts: enabled };
}

function findDeepest(verdicts: readonly FittingVerdict[]): readonly FittingVerdict[] {
  const depth = Math.max(...verdicts.map(({ fit }) => fit.depth));
  return verdicts.filter(({ fit }) => fit.depth === depth);
}
