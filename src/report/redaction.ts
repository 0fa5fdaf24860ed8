import { findOpenPart, findQuery } from '../stores/open-part.ts';

/** Query parameters whose values say where an image lies (vmware) and are no secret. */
const openQueryValues = new Set(['dcPath', 'dsName']);

/** Glance's prefix of an http store: no URL, but the beginning of a scheme. */
const httpPrefix = 'http';

/**
 * A URL, or a URL prefix, as it may be shown: `***` stands for whatever lies between `://` and the last `@`, for every
 * query value but `dcPath` and `dsName`, and for a fragment. Where it is not clear what is a secret only the scheme is
 * shown, and not even that of a text without `://`.
 */
export function redactUrl(url: string): string {
  if (url === httpPrefix) return url;
  const [scheme = ''] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(url) ?? [];
  const open = findOpenPart(url.slice(scheme.length));
  if (open === undefined || (scheme === '' && open.at === '')) return `${scheme}***`;
  const credentials = open.at === '' ? '' : `***${open.at}`;
  return scheme + credentials + redactQuery(open.place);
}

/** Of a query that begins percent-encoded nothing is shown. */
function redactQuery(place: string): string {
  const start = findQuery(place);
  const query = place.slice(start);
  const shown = query.startsWith('%') ? '***' : query.replace(/([?&;#])([^?&;#]*)/g, redactPart);
  return place.slice(0, start) + shown;
}

function redactPart(_part: string, separator: string, pair: string): string {
  if (pair === '') return separator;
  const [name = '', value = ''] = pair.split(/=(.*)/s);
  if (separator !== '#' && openQueryValues.has(name)) return separator + pair;
  // What is no plain name, or has no value, may be a secret itself.
  const isName = /^[a-z][a-z_.-]*$/i.test(name) && /[^=]/.test(value);
  return isName ? `${separator}${name}=***` : `${separator}***`;
}

/** The store that a row names, as JSON text. What is no store id may hold anything, a secret included. */
export function redactStore(text: string): string {
  return storeIdOf(text) === null ? '(no store id)' : text;
}

/** The same without the quotes of a store id. */
export function nameStore(text: string): string {
  return storeIdOf(text) ?? redactStore(text);
}

/** @returns null for JSON text that is no store id */
export function storeIdOf(text: string): string | null {
  return /^"[^:@/]*"$/.test(text) ? String(JSON.parse(text)) : null;
}

/**
 * The text of `meta_data` without what is no store id in the store's place, and without the logins of URLs.
 *
 * @param store the text that stands for the store; null where there is none
 */
export function redactMetaData(text: string, store: string | null): string {
  const mayHoldSecret = store !== null && /^["{[]/.test(store);
  const shown = mayHoldSecret ? text.replaceAll(store, redactStore(store)) : text;
  return shown.replace(/(:\\?\/\\?\/)[^"]*@/g, '$1***@');
}
