import type { Store } from '../stores/store.ts';
import { isOutOfOrder } from './claim.ts';
import type { MatcherOptions, Matching } from './match.ts';

/**
 * What an operator should know before locations are matched: the enabled stores that none of them is given to, one
 * message a store. A store without prefix that works by the rule in use is none of them.
 */
export function findStoreWarnings({
  stores,
  matching,
}: Pick<MatcherOptions, 'stores' | 'matching'>): readonly string[] {
  return stores.flatMap((store) => {
    if (store.reserved || store.urlPrefix.kind === 'known') return [];
    const takesNone = matching === 'glance' || isOutOfOrder(store);
    return takesNone ? [describe(store.id, store.urlPrefix, matching)] : [];
  });
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
