import { beforeUuid, likeness } from './fit.ts';

/** What follows `://`, taken apart at a known host. */
export interface HostSplit {
  /** `<name>:<secret>` as it stands in the URL; undefined when the URL has none */
  readonly credentials: string | undefined;
  /** what follows `<host>/` */
  readonly path: string;
}

/**
 * Takes a URL on a store's host apart. Secrets hold `/`, `+` and `@`, so no fixed character tells where they end; the
 * first `@` from the right that a configured host follows does, be it another store's.
 *
 * @param rest what follows `://`
 * @param host host, port and path of the store, without slashes at its ends
 * @param known those of all enabled stores of its driver
 * @returns undefined when the URL is not on the store's host
 */
export function splitAtHost(
  rest: string,
  host: string,
  known: readonly string[],
): HostSplit | undefined {
  const end = findCredentialsEnd(rest, known);
  const start = `${host}/`;
  if (!rest.startsWith(start, end + 1)) return undefined;
  return {
    credentials: end < 0 ? undefined : rest.slice(0, end),
    path: rest.slice(end + 1 + start.length),
  };
}

/** Where the `@` after the credentials stands; -1 when the URL has none. */
function findCredentialsEnd(rest: string, known: readonly string[]): number {
  for (let at = rest.lastIndexOf('@'); at > 0; at = rest.lastIndexOf('@', at - 1)) {
    if (known.some((host) => rest.startsWith(`${host}/`, at + 1))) return at;
  }
  return -1;
}

/** How alike the host of a URL and a store's are; see `likeness`. */
export function hostLikeness(rest: string, host: string): number {
  const place = beforeUuid(rest.slice(rest.lastIndexOf('@') + 1));
  return likeness(place.slice(0, host.length), host);
}

/** An address as it stands in URLs: without `http://` or `https://` and without slashes at its ends. */
export function stripAddress(address: string): string {
  return stripScheme(address).replace(/^\/+|\/+$/g, '');
}

/** An address without `http://` or `https://`. Upstream minds the case here, so `HTTP://` stays. */
export function stripScheme(address: string): string {
  return address.replace(/^https?:\/\//, '');
}
