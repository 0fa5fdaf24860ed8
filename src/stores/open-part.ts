/** What may be shown of a URL's text after `://`. */
export interface OpenPart {
  /** the `@` that ends the credentials, percent-encoded or not; empty where there are none */
  readonly at: string;
  /** host, path, query and fragment; of the last two the values may be secrets */
  readonly place: string;
}

/**
 * Finds what follows the credentials. Secrets hold `/`, `?` and `@`, so the last `@` counts, wherever it stands.
 *
 * @param rest what follows `://`
 * @returns undefined where nobody can tell: a query may have begun before the `@`, or a colon says that there are
 *   credentials without one
 */
export function findOpenPart(rest: string): OpenPart | undefined {
  const last = [...rest.matchAll(/@|%(?:25)*40/g)].at(-1);
  const at = last?.[0] ?? '';
  const before = rest.slice(0, last?.index ?? 0);
  const place = rest.slice(before.length + at.length);
  return hasQuery(before, at) || !beginsWithHost(place) ? undefined : { at, place };
}

/** Where a query or a fragment begins, percent-encoded or not; the length of the text where there is none. */
export function findQuery(place: string): number {
  const start = place.search(/[?#]|%(25)*(3f|23)/i);
  return start < 0 ? place.length : start;
}

/** Whether a query may have begun before the `@`. Quoted credentials hold `%3F`, too, but first a colon. */
function hasQuery(before: string, at: string): boolean {
  const start = findQuery(before);
  if (start === before.length) return false;
  return /[?#]/.test(before) || at !== '@' || beginsWithHost(before);
}

/** Whether a colon before the path can only be that of a port. */
function beginsWithHost(place: string): boolean {
  const [host = ''] = place.split(/[/?#]/);
  return /^(\[[\da-f:.]*\]|[^:]*)(:\d{1,5})?$/i.test(host) && !/%(25)*3a/i.test(host);
}
