import type { DeciderOptions } from './decide.ts';
import type { ImageLocation } from './image-location.ts';

/**
 * What a location that is labelled already says of the configuration. `silent`: it names no store, or its URL lies
 * in none, or in several. `not-enabled`: it names a store that is not enabled. `contradicts`: it names `store`, yet its
 * URL lies in `matchingStore`.
 */
export type LabelVerdict =
  | { readonly kind: 'silent' | 'agrees' }
  | { readonly kind: 'not-enabled'; readonly store: string }
  | { readonly kind: 'contradicts'; readonly store: string; readonly matchingStore: string };

/** Locations that name one store although their URLs lie in another. */
export interface ContradictingPair {
  readonly store: string;
  readonly matchingStore: string;
  /** rows */
  readonly count: number;
  /** one of them */
  readonly example: RowName;
}

/** What a row is called by. */
export interface RowName {
  readonly locationId: number;
  readonly imageId: string;
}

/** Judges the label of one location; never throws. */
export type LabelJudge = (location: ImageLocation) => LabelVerdict;

/**
 * Makes the test of a configuration by what Glance has written with it. A label that Glance's own rule gives with this
 * configuration agrees with it, be it one of those that the corrected rule mends.
 */
export function createLabelJudge({
  enabledStoreIds,
  matcher,
  hasClaim,
  decrypter,
  metaDataReader,
}: Pick<
  DeciderOptions,
  'enabledStoreIds' | 'matcher' | 'hasClaim' | 'decrypter' | 'metaDataReader'
>): LabelJudge {
  return ({ metaData, value, imageId }) => {
    const read = metaDataReader(metaData);
    if (read.kind === 'unreadable' || read.store.kind !== 'id') return silent;
    const { id: store } = read.store;
    if (!enabledStoreIds.has(store)) return { kind: 'not-enabled', store };
    const readable = decrypter(value);
    if (readable.kind !== 'readable') return silent;
    const match = matcher(readable.url, imageId);
    if (match.kind !== 'one') return silent;
    if (store === match.store || store === match.deviation?.glanceStore) return agrees;
    if (hasClaim(readable.url, store)) return silent;
    return { kind: 'contradicts', store, matchingStore: match.store };
  };
}

const silent: LabelVerdict = { kind: 'silent' };
const agrees: LabelVerdict = { kind: 'agrees' };
