import { quote, unquote } from '../../conf/python-quote.ts';
import { hostLikeness, type HostSplit, splitAtHost, stripAddress } from '../credentials.ts';
import { type Fit, misses } from '../fit.ts';
import type { LocationUrl } from '../location-url.ts';
import { quoted } from '../reason-text.ts';
import { unifyScheme } from '../scheme.ts';
import { sampleImage } from './driver.ts';
import { type Containers, fitContainer, type ImageContainers } from './swift-containers.ts';

/** An account as URLs name it. */
export interface SwiftAccount {
  readonly scheme: 'swift+http' | 'swift+https';
  /** the authentication service: without scheme and slashes at the ends */
  readonly address: string;
  /** `<project>:<user>`; undefined when it is not known */
  readonly user: string | undefined;
  /** addresses of all enabled Swift stores: one of them ends the credentials */
  readonly known: readonly string[];
  /** `bare` URLs have no credentials: those of a store with an application credential */
  readonly urls: 'with-credentials' | 'bare';
}

/** A URL of the account; the key does not matter. */
export function sampleUrlOf(account: SwiftAccount, { name }: Containers): string {
  const login = account.urls === 'bare' ? '' : `${quote(account.user ?? '')}:***@`;
  return `${account.scheme}://${login}${account.address}/${name}/${sampleImage}`;
}

/** Scheme and address as URLs have them. Upstream minds the case of `http://`. */
export function readAddress(text: string): Pick<SwiftAccount, 'scheme' | 'address'> {
  const scheme = text.startsWith('http://') ? 'swift+http' : 'swift+https';
  return { scheme, address: stripAddress(text) };
}

/** Judges a URL with an address in it. The key is not looked at: keys rotate. */
export function fitAccount(
  url: LocationUrl,
  account: SwiftAccount,
  containers: ImageContainers,
): Fit {
  if (url.scheme === 'swift+config') {
    return misses(0, 'the URL names a reference, and the store has no swift_store_config_file');
  }
  const split = splitAtHost(url.rest, account.address, account.known);
  if (split === undefined) {
    const alike = hostLikeness(url.rest, account.address);
    return misses(alike, `the auth address is not ${quoted(account.address)}`);
  }
  const scheme = unifyScheme(url.scheme);
  if (scheme !== account.scheme) {
    return misses(1, `scheme ${scheme} is not ${account.scheme}, which the auth address asks for`);
  }
  const fault = findUserFault(split, account);
  if (fault !== undefined) return misses(2, fault);
  return fitContainer(split.path, containers, {
    rest: url.rest,
    agreed: 3,
    depth: account.address.split('/').length,
    correction: url.raw.startsWith(`${account.scheme}:`) ? 'credentials' : 'scheme-synonym',
  });
}

function findUserFault({ credentials }: HostSplit, account: SwiftAccount): string | undefined {
  if (credentials === undefined) {
    return account.urls === 'bare' ? undefined : 'the URL has no credentials';
  }
  if (account.user === undefined) {
    return 'the URL has a user, and the store only an application credential';
  }
  const name = unquote(credentials.replace(/:[^:]*$/, ''));
  return name === account.user ? undefined : "the URL's user is not the store's";
}
