import type { Fault, Mistake } from '../conf/mistake.ts';
import { splitAssignment } from '../stores/assignment.ts';
import { parseLocationUrl } from '../stores/location-url.ts';
import { unifyScheme } from '../stores/scheme.ts';

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
  const content = parseJson(text);
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
  const pairs: readonly [string, unknown][] = isObject ? Object.entries(content) : [['', null]];
  const entries = pairs.flatMap(([prefix, store], index) =>
    typeof store === 'string' ? [{ from: `${path}, entry ${index + 1}`, prefix, store }] : [],
  );
  if (entries.length === pairs.length) return entries;
  return { origin: undefined, option: path, ...badMapFile };
}

const badMapFile: Fault = {
  problem: 'the file is not a JSON object of texts',
  remedy: 'write {"<URL prefix>": "<store id>", …}',
};

/** @param enabledIds ids that an entry may name: those of `enabled_backends` */
export function parseMappings(
  entries: readonly MapEntry[],
  enabledIds: readonly string[],
): ParsedMappings {
  const mappings = entries.map(parseEntry);
  const mistakes = entries.flatMap((entry, index): Mistake[] => {
    const mapping = mappings[index];
    const fault =
      findPrefixFault(mapping) ??
      findStoreFault(entry.store, enabledIds) ??
      findTwinFault(mapping, mappings);
    return fault === undefined ? [] : [{ origin: undefined, option: entry.from, ...fault }];
  });
  return { mappings: mappings.filter((mapping) => mapping !== undefined), mistakes };
}

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

function findStoreFault(store: string, enabledIds: readonly string[]): Fault | undefined {
  if (enabledIds.includes(store)) return undefined;
  // Who forgot the store may have left a part of a secret here.
  const name = /^[\w.-]+$/.test(store) ? JSON.stringify(store) : 'what follows the last "="';
  return {
    problem: `${name} is not the id of an enabled store`,
    remedy: `name one of ${enabledIds.join(', ')}`,
  };
}

function findTwinFault(
  mapping: Mapping | undefined,
  mappings: readonly (Mapping | undefined)[],
): Fault | undefined {
  const isTwin = (other: Mapping | undefined): boolean =>
    other?.scheme === mapping?.scheme &&
    other?.prefix === mapping?.prefix &&
    other?.store !== mapping?.store;
  if (!mappings.some(isTwin)) return undefined;
  return { problem: 'one prefix is given to several stores', remedy: 'leave one entry' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
