import { findOpenPart, findQuery } from './open-part.ts';

/** A configured name as reasons quote it: on one line, whatever stands in it. */
export function quoted(name: string): string {
  return JSON.stringify(name);
}

/**
 * A name from a URL, likewise. What stands before the last `@` or in the query may be a secret and is not shown.
 */
export function quotedFrom(rest: string, name: string): string {
  const { at, place } = findOpenPart(rest) ?? { at: '@', place: '' };
  const path = place.slice(0, findQuery(place));
  // A name that was percent-decoded is not found.
  const isOpen = path.includes(name) || (at === '' && path === place);
  return isOpen ? quoted(name) : '"***"';
}

/**
 * The host of a URL on no configured host, to be shown. Nothing before the last `@` is, nor what does not look
 * like a host: it may be part of a secret.
 */
export function describeHost(rest: string): string {
  const [host = ''] = findOpenPart(rest)?.place.split(/[/?#]/) ?? [];
  return /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i.test(host) ? `host "${host}"` : 'the host';
}
