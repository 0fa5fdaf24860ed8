import { beforeUuid, likeness } from './fit.ts';

/** What follows `://`, taken apart at a known host. */
export interface HostSplit {
  /** `<name>:<secret>` as it stands in the URL; undefined when the URL has none */
  readonly credentials: string | undefined;
  /** what follows `<host>/` */
  readonly path: string;
}

/**
 * Finds where credentials end. Secrets hold `/`, `+` and `@`, so no fixed character tells; the first `@` from the
 * right that a configured host follows does.
 *
 * @param rest what follows `://`
 * @param host host, port and path of a store, without slashes at its ends
 * @returns undefined when the URL is not on that host
 */
export function splitAtHost(rest: string, host: string): HostSplit | undefined {
  const start = `${host}/`;
  for (let at = rest.lastIndexOf('@'); at > 0; at = rest.lastIndexOf('@', at - 1)) {
    if (rest.startsWith(start, at + 1)) {
      return { credentials: rest.slice(0, at), path: rest.slice(at + 1 + start.length) };
    }
  }
  if (!rest.startsWith(start)) return undefined;
  return { credentials: undefined, path: rest.slice(start.length) };
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
