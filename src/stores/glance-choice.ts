import type { LocationUrl } from './location-url.ts';
import type { PrefixForm, Store } from './store.ts';

/**
 * What Glance's own rule comes to. `unknown`: this store comes first if the URL begins with its prefix, and that only
 * Glance can tell.
 */
export type GlanceChoice =
  | { readonly kind: 'one'; readonly store: Store }
  | { readonly kind: 'unknown'; readonly store: Store }
  | { readonly kind: 'none' };

/**
 * Glance's own rule (glance/common/store_utils.py, `_get_store_id_from_uri`): the first store whose prefix the raw URL
 * begins with. A store without prefix is passed over.
 *
 * @param candidates stores of the URL's scheme in the order of `enabled_backends`, the reserved ones last
 */
export function chooseAsGlance({ raw }: LocationUrl, candidates: readonly Store[]): GlanceChoice {
  const store = candidates.find((candidate) => mayHavePrefix(raw, candidate));
  if (store === undefined) return { kind: 'none' };
  return { kind: store.urlPrefix.kind === 'known' ? 'one' : 'unknown', store };
}

/** Whether a raw URL begins with a store's prefix, or might if that were known. */
export function mayHavePrefix(raw: string, { urlPrefix }: Pick<Store, 'urlPrefix'>): boolean {
  switch (urlPrefix.kind) {
    case 'known':
      return raw.startsWith(urlPrefix.value);
    case 'unknown':
      return urlPrefix.mayBe.some((form) => mayBeginWith(raw, form));
    case 'none':
      return false;
  }
}

function mayBeginWith(raw: string, { start, end }: PrefixForm): boolean {
  if (!raw.startsWith(start)) return false;
  return end === '' || raw.startsWith(end, raw.indexOf('/', start.length));
}
