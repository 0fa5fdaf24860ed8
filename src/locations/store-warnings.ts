import type { Store } from '../stores/store.ts';
import type { MatcherOptions, Matching } from './match.ts';

/**
 * One warning for each enabled store that can be given no location. A store without prefix that works under the rule in
 * use gets none.
 */
export function findStoreWarnings({
  stores,
  matching,
}: Pick<MatcherOptions, 'stores' | 'matching'>): readonly string[] {
  return findUnusableStores({ stores, matching }).flatMap(({ id, urlPrefix }) =>
    urlPrefix.kind === 'known' ? [] : [describe(id, urlPrefix, matching)],
  );
}

/** The enabled stores that no location is given to. */
export function findUnusableStores({
  stores,
  matching,
}: Pick<MatcherOptions, 'stores' | 'matching'>): readonly Store[] {
  return stores.filter(
    (store) =>
      !store.reserved &&
      store.urlPrefix.kind !== 'known' &&
      (matching === 'glance' || store.isBroken),
  );
}

function describe(
  id: string,
  { kind }: Exclude<Store['urlPrefix'], { kind: 'known' }>,
  matching: Matching,
): string {
  const consequence =
    kind === 'unknown' && matching === 'glance'
      ? 'locations that Glance might give to it stay unmatched, as its prefix is not known here'
      : 'no location gets it, as it has no prefix';
  return `store ${id}: ${consequence}; "glance-store-backfill stores" says why`;
}
