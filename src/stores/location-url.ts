/** A location's URL, split once for all who look at it. */
export interface LocationUrl {
  /** as the database holds it */
  readonly raw: string;
  /** in lower case, as Python's urlparse gives it */
  readonly scheme: string;
  /** what follows `://`; empty where the text does not begin with `<scheme>://` */
  readonly rest: string;
}

/**
 * Splits a URL as far as Glance does before it chooses a store (Python's `urllib.parse.urlparse`).
 *
 * @returns undefined when Python finds no scheme, or refuses the text: then it is no URL
 */
export function parseLocationUrl(raw: string): LocationUrl | undefined {
  const text = dropUnsafe(raw);
  const name = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1];
  if (name === undefined || hasBadHost(text.slice(name.length + 1))) return undefined;
  const start = `${name}://`;
  const rest = raw.startsWith(start) ? raw.slice(start.length) : '';
  return { raw, scheme: name.toLowerCase(), rest };
}

/** urlparse drops leading control characters and blanks, and tabs and line breaks anywhere. */
function dropUnsafe(raw: string): string {
  if (/^[a-z]/i.test(raw) && !/[\t\r\n]/.test(raw)) return raw;
  return raw.replace(/^[^!-\u{10ffff}]+/u, '').replace(/[\t\r\n]/g, '');
}

/** urlparse raises ValueError for these hosts, so that the GET of such an image fails. */
function hasBadHost(afterColon: string): boolean {
  const host = /^\/\/([^/?#]*)/.exec(afterColon)?.[1] ?? '';
  if (host.includes('[') !== host.includes(']')) return true;
  if (!/[^ -~]/.test(host)) return false;
  const name = host.replace(/[@:#?]/g, '');
  const normal = name.normalize('NFKC');
  return normal !== name && /[/?#@:]/.test(normal);
}
