import type { Fit } from '../stores/fit.ts';
import type { Store } from '../stores/store.ts';

/** A store and how the URL fits it. */
export interface StoreFit {
  readonly store: Store;
  readonly fit: Fit;
}

/** A store in which the URL lies. */
export interface FittingStore extends StoreFit {
  readonly fit: Extract<Fit, { kind: 'fits' }>;
}

/**
 * What comes of all fits.
 *
 * `many`: the stores that fit equally well, two or more. `reserved`: the URL lies deepest in a store that Glance
 * reserves for itself.
 */
export type Choice =
  | { readonly kind: 'one'; readonly fitting: FittingStore }
  | { readonly kind: 'many'; readonly fitting: readonly FittingStore[] }
  | { readonly kind: 'reserved'; readonly fitting: FittingStore }
  | { readonly kind: 'none' };

/**
 * Chooses among the stores of a URL's scheme: the most specific fit. Two that are equally specific are too many; a
 * reserved store that is more specific than any other means none, and so does a store out of order that the URL names.
 */
export function choose(storeFits: readonly StoreFit[]): Choice {
  if (storeFits.some(({ fit }) => fit.kind === 'misses' && fit.isOwn)) return { kind: 'none' };
  const stores = storeFits.flatMap(({ store, fit }) =>
    fit.kind === 'fits' ? [{ store, fit }] : [],
  );
  const enabled = findDeepest(stores.filter(({ store }) => !store.reserved));
  const [fitting] = enabled;
  const [reserved] = findDeepest(stores.filter(({ store }) => store.reserved));
  if (reserved !== undefined && reserved.fit.depth > (fitting?.fit.depth ?? -1)) {
    return { kind: 'reserved', fitting: reserved };
  }
  if (fitting === undefined) return { kind: 'none' };
  return enabled.length === 1 ? { kind: 'one', fitting } : { kind: 'many', fitting: enabled };
}

function findDeepest(stores: readonly FittingStore[]): readonly FittingStore[] {
  const depth = Math.max(...stores.map(({ fit }) => fit.depth));
  return stores.filter(({ fit }) => fit.depth === depth);
}
