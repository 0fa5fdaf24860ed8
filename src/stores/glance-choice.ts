import type { LocationUrl } from './location-url.ts';
import type { Store } from './store.ts';

/**
 * The store that Glance's own rule chooses (glance/common/store_utils.py, `_get_store_id_from_uri`): the first whose
 * prefix the raw URL begins with. A store without prefix is passed over.
 *
 * @param candidates stores of the URL's scheme in the order of `enabled_backends`, the reserved ones last
 */
export function findGlanceStore(
  { raw }: LocationUrl,
  candidates: readonly Store[],
): Store | undefined {
  return candidates.find((store) => hasPrefix(raw, store));
}

/** Whether a raw URL begins with a store's prefix; false where the store has none. */
export function hasPrefix(raw: string, { urlPrefix }: Pick<Store, 'urlPrefix'>): boolean {
  return urlPrefix.kind === 'known' && raw.startsWith(urlPrefix.value);
}
