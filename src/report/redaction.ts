/** Query parameters whose values say where an image lies (vmware) and are no secret. */
const openQueryValues = new Set(['dcPath', 'dsName']);

/**
 * A URL, or a URL prefix, as it may be shown: `***` stands for whatever lies between `://` and the last `@`,
 * for every query value but `dcPath` and `dsName`, and for a fragment.
 * Secrets hold `/`, `?` and `@`, which is why the last `@` counts, wherever it stands.
 */
export function redactUrl(url: string): string {
  const at = url.lastIndexOf('@');
  if (at === -1) return redactQuery(url);
  const [scheme = ''] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(url) ?? [];
  return `${scheme}***${redactQuery(url.slice(at))}`;
}

function redactQuery(url: string): string {
  const end = url.search(/[?#]/);
  if (end === -1) return url;
  return url.slice(0, end) + url.slice(end).replace(/([?&;#])([^?&;#]*)/g, redactPart);
}

function redactPart(_part: string, separator: string, pair: string): string {
  const equals = pair.indexOf('=');
  const name = pair.slice(0, equals);
  if (equals === -1) return pair === '' ? separator : `${separator}***`;
  return separator !== '#' && openQueryValues.has(name)
    ? separator + pair
    : `${separator}${name}=***`;
}
