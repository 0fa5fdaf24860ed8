import type { Fault, Mistake } from '../conf/mistake.ts';
import { splitAssignment } from '../stores/assignment.ts';
import { parseLocationUrl } from '../stores/location-url.ts';
import { unifyScheme } from '../stores/scheme.ts';
import type { Store } from '../stores/store.ts';
import { scanDocument, type Span } from './json-text.ts';

/** The operator's word that URLs beginning with a prefix lie in a store. */
export interface Mapping {
  readonly scheme: string;
  /** what follows `://`, without slashes at the end; empty for every URL of the scheme */
  readonly prefix: string;
  readonly store: string;
}

/** Mappings as given: all of them, and what is wrong with some. */
export interface ParsedMappings {
  readonly mappings: readonly Mapping[];
  readonly mistakes: readonly Mistake[];
}

/** One entry before it is checked, and where it stands, for messages. */
export interface MapEntry {
  readonly from: string;
  readonly prefix: string;
  readonly store: string;
}

/** Takes a `--map PREFIX=STORE` apart at its last `=`: prefixes may hold one, store ids seldom do. */
export function readMapOption(text: string): MapEntry {
  const { left, right } = splitAssignment(text);
  return { from: '--map', prefix: left, store: right };
}

/**
 * Reads a map file: a JSON object of prefixes and store ids.
 *
 * @param path names it in messages
 * @returns the entries, or the mistake when the text is something else
 */
export function readMapFile(text: string, path: string): readonly MapEntry[] | Mistake {
  const pairs = readPairs(text);
  if (pairs === undefined) return { origin: undefined, option: path, ...badMapFile };
  return pairs.map(([prefix, store], index) => ({
    from: `${path}, entry ${index + 1}`,
    prefix,
    store,
  }));
}

/** The members of a JSON object of texts, a repeated one as often as it stands there; undefined for other JSON. */
function readPairs(text: string): readonly (readonly [string, string])[] | undefined {
  const content = parseJson(text);
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
  if (!isObject || !Object.values(content).every((store) => typeof store === 'string')) return;
  const read = ({ start, end }: Span): string => String(parseJson(text.slice(start, end)));
  return scanDocument(text).members.map(({ key, value }) => [read(key), read(value)] as const);
}

const badMapFile: Fault = {
  problem: 'the file is not a JSON object of texts',
  remedy: 'write {"<URL prefix>": "<store id>", …}',
};

/**
 * Checks entries and makes mappings of them.
 *
 * @param stores what an entry may name: the stores of `enabled_backends`; empty while they are not known
 */
export function parseMappings(
  entries: readonly MapEntry[],
  stores: readonly MappableStore[],
): ParsedMappings {
  const mappings = entries.map(parseEntry);
  const storesOf = indexStores(mappings, stores);
  const mistakes = entries.flatMap((entry, index): Mistake[] => {
    const mapping = mappings[index];
    const fault =
      findPrefixFault(mapping) ??
      findStoreFault(entry.store, stores) ??
      findSchemeFault(mapping, stores) ??
      findTwinFault(mapping, storesOf);
    return fault === undefined ? [] : [{ origin: undefined, option: entry.from, ...fault }];
  });
  return { mappings: mappings.filter((mapping) => mapping !== undefined), mistakes };
}

/** What of a store decides whether a prefix may be mapped to it. */
type MappableStore = Pick<Store, 'id' | 'schemes'>;

function parseEntry({ prefix, store }: MapEntry): Mapping | undefined {
  const url = prefix.includes('://') ? parseLocationUrl(prefix) : undefined;
  if (url === undefined) return undefined;
  return { scheme: unifyScheme(url.scheme), prefix: url.rest.replace(/\/+$/, ''), store };
}

/** The prefix is not quoted: somebody may have left a password in it. */
function findPrefixFault(mapping: Mapping | undefined): Fault | undefined {
  const remedy = 'write <URL prefix>=<store id>, as in cinder://<volume id>=<store id>';
  if (mapping === undefined) return { problem: 'an entry is not a URL prefix and a store', remedy };
  if (mapping.scheme === 'file' || !mapping.prefix.includes('@')) return undefined;
  return {
    problem: 'a prefix has credentials in it',
    remedy: 'leave them out with their @: URLs are compared without',
  };
}

function findStoreFault(store: string, stores: readonly MappableStore[]): Fault | undefined {
  const enabledIds = stores.map(({ id }) => id);
  if (stores.length === 0 || enabledIds.includes(store)) return undefined;
  // Who forgot the store may have left a part of a secret here.
  const name = /^[\w.-]+$/.test(store) ? JSON.stringify(store) : 'what follows the last "="';
  return {
    problem: `${name} is not the id of an enabled store`,
    remedy: `name one of ${enabledIds.join(', ')}`,
  };
}

/** With a store whose driver does not take the URL Glance could not read the image. */
function findSchemeFault(
  mapping: Mapping | undefined,
  stores: readonly MappableStore[],
): Fault | undefined {
  const store = stores.find(({ id }) => id === mapping?.store);
  if (mapping === undefined || store === undefined) return undefined;
  if (store.schemes.some((scheme) => unifyScheme(scheme) === mapping.scheme)) return undefined;
  const taken = store.schemes.length === 0 ? 'no URLs at all' : `${store.schemes.join(', ')} URLs`;
  return {
    problem: `store ${store.id} takes ${taken}, not ${mapping.scheme} ones`,
    remedy: 'name a store that takes such URLs',
  };
}

function findTwinFault(
  mapping: Mapping | undefined,
  storesOf: ReadonlyMap<string, ReadonlySet<string>>,
): Fault | undefined {
  const stores = [...((mapping && storesOf.get(keyOf(mapping))) ?? [])];
  if (stores.length < 2) return undefined;
  const names = stores.join(' and ');
  return { problem: `one prefix is given to several stores, ${names}`, remedy: 'leave one entry' };
}

/** The stores that each prefix is given to; names that are no store's are told by themselves. */
function indexStores(
  mappings: readonly (Mapping | undefined)[],
  stores: readonly MappableStore[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const index = new Map<string, Set<string>>();
  for (const mapping of mappings) {
    if (!stores.some(({ id }) => id === mapping?.store) || mapping === undefined) continue;
    const key = keyOf(mapping);
    index.set(key, (index.get(key) ?? new Set<string>()).add(mapping.store));
  }
  return index;
}

/** The mappings that are not used, each once, as `--map` takes them: `<prefix>=<store>`. */
export function listUnused(
  mappings: readonly Mapping[],
  used: ReadonlySet<Mapping>,
): readonly string[] {
  const usedKeys = new Set([...used].map(keyOf));
  const unused = mappings.filter((mapping) => !usedKeys.has(keyOf(mapping)));
  return [...new Set(unused.map((mapping) => `${keyOf(mapping)}=${mapping.store}`))];
}

function keyOf({ scheme, prefix }: Mapping): string {
  return `${scheme}://${prefix}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
