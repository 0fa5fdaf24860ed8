import { findGlanceStore } from '../stores/glance-choice.ts';
import type { LocationUrl } from '../stores/location-url.ts';
import type { Store } from '../stores/store.ts';
import type { UrlMatch } from './match.ts';

/**
 * Chooses as Glance does, but that a store Glance reserves for itself is no target.
 *
 * @param candidates stores of the URL's scheme in the order of `enabled_backends`, the reserved ones last
 */
export function matchAsGlance(url: LocationUrl, candidates: readonly Store[]): UrlMatch {
  const store = findGlanceStore(url, candidates);
  if (store === undefined) return none('the URL begins with the prefix of no enabled store');
  if (!store.reserved) return { kind: 'one', store: store.id, deviation: null };
  return {
    ...none(`the URL begins with the prefix of ${store.id} only, which Glance reserves for itself`),
    deviation: { rule: 'reserved-store', glanceStore: store.id, store: null },
  };
}

function none(reason: string): Extract<UrlMatch, { kind: 'none' }> {
  return { kind: 'none', reason, nearestStore: null, deviation: null };
}
