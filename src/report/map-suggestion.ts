import { indexMappings } from '../locations/mapping-index.ts';
import { parseMappings } from '../locations/mappings.ts';
import { parseLocationUrl } from '../stores/location-url.ts';
import { findOpenPart, findQuery } from '../stores/open-part.ts';
import { hasDotSegments, splitPath } from '../stores/path.ts';
import { unifyScheme } from '../stores/scheme.ts';
import type { Store } from '../stores/store.ts';
import { uuid } from '../stores/uuid.ts';
import { clip, printable, shellQuote } from './text.ts';

/** Unmatched rows that one `--map` might settle. */
export interface Remediable {
  readonly shape: string;
  /** what `--map` is to be given; null where the URL does not tell */
  readonly mapPrefix: string | null;
  readonly nearestStore: string | null;
}

/** Stands for a store that the operator must name. */
const anyStore = 'STORE';

/**
 * What stands before the image in a URL, without credentials, query and the slash at its end: what `--map` takes to
 * settle all URLs like it. `<scheme>://` alone where the URL names nothing but the image or volume.
 *
 * @returns null where nobody can tell what may be shown, or which place the URL means
 */
export function mapPrefixOf(rawUrl: string, imageId: string): string | null {
  const url = parseLocationUrl(rawUrl);
  const open = url === undefined ? undefined : findOpenPart(url.rest);
  if (url === undefined || open === undefined || open.place === '') return null;
  const path = open.place.slice(0, findQuery(open.place));
  const scheme = unifyScheme(url.scheme);
  const prefix = path.slice(0, Math.max(0, path.lastIndexOf('/', findImage(path, imageId))));
  if (prefix === '' && path.startsWith('/')) return null;
  return hasDotSegments(splitPath(path)) ? null : `${scheme}://${prefix}`;
}

/** Where the image's name begins: its id, else any UUID, else the last part. */
function findImage(path: string, imageId: string): number {
  const own = imageId === '' ? -1 : path.indexOf(imageId);
  const any = own < 0 ? path.search(uuid) : own;
  return any < 0 ? path.length : any;
}

/**
 * The option that settles unmatched rows, ready for a shell; null where no `--map` would, or it would take what lies in
 * another store as well: a mapping beats every other rule.
 *
 * @param stores of the run, the reserved ones, too
 * @param all every kind of unmatched row; undefined when there are too many to know
 */
export function suggestMap(
  { mapPrefix, nearestStore }: Remediable,
  stores: readonly Store[],
  all: readonly Remediable[] | undefined,
): string | null {
  if (mapPrefix === null || !isCopied(mapPrefix)) return null;
  const able = findAble(mapPrefix, stores);
  const target = nearestStore ?? anyStore;
  const tried = nearestStore ?? able[0]?.id;
  if (tried === undefined || !isAccepted(mapPrefix, tried, able)) return null;
  const isSafe = mapPrefix.endsWith('://')
    ? able.length === 1 && isAlone(mapPrefix, all)
    : !isShort(mapPrefix) && !takesFromOthers(mapPrefix, nearestStore, stores);
  return isSafe ? `--map ${shellQuote(`${mapPrefix}=${target}`)}` : null;
}

/** Whether a terminal shows the text as it is, and in a piece that can be copied. */
function isCopied(text: string): boolean {
  return printable(text) === text && clip(text) === text;
}

/** The enabled stores that take URLs of the prefix's scheme. */
function findAble(mapPrefix: string, stores: readonly Store[]): readonly Store[] {
  const scheme = schemeOf(mapPrefix);
  const takes = (one: Store): boolean => one.schemes.some((name) => unifyScheme(name) === scheme);
  return stores.filter((store) => !store.reserved && takes(store));
}

function isAccepted(prefix: string, store: string, able: readonly Store[]): boolean {
  return parseMappings([{ from: '', prefix, store }], able).mistakes.length === 0;
}

/** Of a bucket or container both host and name must stand there: a host alone is that of other stores, too. */
function isShort(mapPrefix: string): boolean {
  return /^(s3|swift)/.test(mapPrefix) && !mapPrefix.split('://')[1]?.includes('/');
}

/** Whether all unmatched URLs of the scheme are of the one kind that names the image or volume alone. */
function isAlone(mapPrefix: string, all: readonly Remediable[] | undefined): boolean {
  const ofScheme = (one: Remediable): boolean =>
    schemeOf(one.mapPrefix ?? one.shape) === schemeOf(mapPrefix);
  return all?.filter(ofScheme).every((one) => one.mapPrefix === mapPrefix) ?? false;
}

/** Whether a store but `target` has images below the prefix, or Glance reserves the place. */
function takesFromOthers(
  mapPrefix: string,
  target: string | null,
  stores: readonly Store[],
): boolean {
  const covers = coverTest(mapPrefix);
  return stores.some(
    (store) =>
      (store.id !== target && placesOf(store).some(covers)) ||
      (store.reserved && placesOf(store).some((place) => coverTest(place)(mapPrefix))),
  );
}

/** Whether what begins with a URL lies below the prefix. */
function coverTest(prefix: string): (url: string) => boolean {
  const { mappings } = parseMappings([{ from: '', prefix, store: '' }], []);
  const find = indexMappings(mappings);
  return (text) => {
    const url = parseLocationUrl(text);
    return url !== undefined && find(url) !== undefined;
  };
}

/** Where the URLs of a store begin, as far as it is known. */
function placesOf({ schemes, urlPrefix, comparedTexts }: Store): readonly string[] {
  const known = urlPrefix.kind === 'known' ? [urlPrefix.value] : [];
  const directories = schemes.includes('file') ? comparedTexts.map((text) => `file://${text}`) : [];
  return [...known, ...directories].filter((place) => place.includes('://'));
}

function schemeOf(url: string): string {
  return unifyScheme(url.slice(0, Math.max(0, url.indexOf(':'))).toLowerCase());
}
