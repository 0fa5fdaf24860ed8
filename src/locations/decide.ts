import type { ClaimTest } from './claim.ts';
import type { Decision } from './decision.ts';
import type { Decrypter } from './encryption.ts';
import type { ImageLocation } from './image-location.ts';
import type { Match, Matcher, UrlMatch } from './match.ts';
import { withStore, type MetaDataObject, type MetaDataReader } from './meta-data.ts';

/** What every location of a run is judged by. */
export interface DeciderOptions {
  /** the ids of `enabled_backends`, without the stores Glance reserves for itself */
  readonly enabledStoreIds: ReadonlySet<string>;
  readonly matcher: Matcher;
  readonly hasClaim: ClaimTest;
  readonly decrypter: Decrypter;
  readonly metaDataReader: MetaDataReader;
  /** leave rows alone that name a store, be it one that is not enabled or that their URL contradicts */
  readonly onlyMissing: boolean;
  /** also replace an enabled store where the URL matches another one and not that one */
  readonly replaceContradicting: boolean;
  /** most bytes of UTF-8 that column `meta_data` holds; Infinity for no limit */
  readonly metaDataCapacity: number;
}

/** Says what is to become of one location; never throws. */
export type Decider = (location: ImageLocation) => Decision;

type Unreadable = Extract<Decision, { kind: 'unreadable' }>;
type Contradicted = Extract<Decision, { contradictedBy: string }>;

const noRoom: Unreadable = {
  kind: 'unreadable',
  reason: 'meta_data has no room for the store: the text would be longer than its column holds',
};

/** A location's URL in clear, and the stores it matches. */
interface Found {
  readonly kind: 'found';
  readonly url: string;
  readonly match: UrlMatch;
}

/** A location that is to get the store its URL matches, if there is one. */
interface OpenLocation {
  readonly url: string;
  readonly metaData: MetaDataObject;
  /** JSON text of the store there is */
  readonly previousStore: string | null;
}

/**
 * The rule for every row: which `Decision` it comes to.
 *
 * It starts from Glance's lazy update (glance/common/store_utils.py, update_store_in_locations): a store that is
 * enabled is never questioned, one that is missing or not enabled is chosen by URL. On purpose it differs in this: NULL
 * and empty `meta_data` are filled, a `store` that is no string is stale, and each location is judged by itself.
 */
export function createDecider(options: DeciderOptions): Decider {
  const { enabledStoreIds, hasClaim, metaDataReader, onlyMissing, replaceContradicting } = options;
  return (location) => {
    const metaData = metaDataReader(location.metaData);
    if (metaData.kind === 'unreadable') return metaData;
    const { store } = metaData;
    const found = matchLocation(location, options);
    if (store.kind === 'id' && enabledStoreIds.has(store.id)) {
      const contradicted = findContradiction(store.id, found, hasClaim);
      if (contradicted === null) return current(store.id);
      if (onlyMissing || !replaceContradicting) return contradicted;
    }
    if (found.kind === 'unreadable') return found;
    const previousStore = store.kind === 'none' ? null : store.text;
    const open = { url: found.url, metaData, previousStore };
    return decideOpen(open, found.match, options);
  };
}

function matchLocation(
  { value, imageId }: ImageLocation,
  options: DeciderOptions,
): Found | Unreadable {
  const readable = options.decrypter(value);
  if (readable.kind === 'unreadable') return readable;
  const match = options.matcher(readable.url, imageId);
  if (match.kind === 'not-a-url') return { kind: 'unreadable', reason: 'value is not a URL' };
  return { kind: 'found', url: readable.url, match };
}

/** What a row stays whose URL matches another store than its own; a value that cannot be read contradicts nothing. */
function findContradiction(
  own: string,
  found: Found | Unreadable,
  hasClaim: ClaimTest,
): Contradicted | null {
  if (found.kind === 'unreadable' || found.match.kind !== 'one') return null;
  const { store } = found.match;
  if (store === own || hasClaim(found.url, own)) return null;
  return { kind: 'current', store: own, contradictedBy: store, url: found.url };
}

function decideOpen(open: OpenLocation, match: UrlMatch, options: DeciderOptions): Decision {
  const { url, previousStore } = open;
  switch (match.kind) {
    case 'none': {
      const { reason, nearestStore, deviation } = match;
      return { kind: 'unmatched', url, reason, nearestStore, previousStore, deviation };
    }
    case 'many': {
      const { stores, deviation } = match;
      return { kind: 'ambiguous', url, stores, previousStore, deviation };
    }
    case 'one':
      if (previousStore !== null && options.onlyMissing) {
        return { kind: 'skipped', url, store: match.store, previousStore };
      }
      return decideRewrite(open, match, options.metaDataCapacity);
  }
}

function decideRewrite(
  { url, metaData, previousStore }: OpenLocation,
  { store, deviation }: Extract<Match, { kind: 'one' }>,
  capacity: number,
): Decision {
  const after = withStore(metaData, store);
  if (after === metaData.text) return current(store);
  if (!hasRoom(after, capacity)) return noRoom;
  return previousStore === null
    ? { kind: 'assigned', url, store, metaData: after, deviation }
    : { kind: 'replaced', url, store, previousStore, metaData: after, deviation };
}

/** A UTF-16 unit takes at most three bytes of UTF-8, so most texts need not be measured. */
function hasRoom(text: string, capacity: number): boolean {
  return text.length * 3 <= capacity || Buffer.byteLength(text) <= capacity;
}

function current(store: string): Decision {
  return { kind: 'current', store, contradictedBy: null };
}
