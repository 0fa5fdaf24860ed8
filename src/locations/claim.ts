import { mayHavePrefix } from '../stores/glance-choice.ts';
import type { MatcherOptions } from './match.ts';

/** Whether a URL could as well lie in this store, although the rule in use chooses another one. */
export type ClaimTest = (url: string, storeId: string) => boolean;

/**
 * Makes the test that keeps a rightly labelled location from being called a contradiction.
 *
 * A store that is out of order may be right, as nobody can say where its URLs begin. Glance's rule takes the first
 * store of several whose prefixes a URL begins with (glance/common/store_utils.py, `_get_store_id_from_uri`), so it
 * says nothing against the others. The corrected rule takes the most specific one, and with that says that the URL
 * lies in none of the others.
 */
export function createClaimTest({
  stores,
  matching,
}: Pick<MatcherOptions, 'stores' | 'matching'>): ClaimTest {
  const byId = new Map(stores.map((store) => [store.id, store]));
  return (url, storeId) => {
    const store = byId.get(storeId);
    if (store === undefined || store.isBroken) return true;
    if (matching === 'corrected') return false;
    return store.urlPrefix.kind !== 'known' || mayHavePrefix(url, store);
  };
}
