/** A configured name as reasons quote it: on one line, whatever stands in it. */
export function quoted(name: string): string {
  return JSON.stringify(name);
}

/** A name from a URL, likewise. What stands before the last `@` may be a secret and is not shown. */
export function quotedFrom(rest: string, name: string): string {
  return rest.lastIndexOf(name) < rest.lastIndexOf('@') ? '"***"' : quoted(name);
}

/**
 * The host of a URL on no configured host, to be shown. Nothing before the last `@` is, nor what does not look
 * like a host: it may be part of a secret.
 */
export function describeHost(rest: string): string {
  const [host = ''] = rest.slice(rest.lastIndexOf('@') + 1).split('/');
  return /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i.test(host) ? `host "${host}"` : 'the host';
}
