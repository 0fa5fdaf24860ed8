import type { Option } from '../../conf/options.ts';
import type { StoreConf } from '../../conf/store-conf.ts';
import type { Correction } from '../correction.ts';
import { hostLikeness, type HostSplit, splitAtHost, stripAddress } from '../credentials.ts';
import { type Fit, fits, likeness, misses, quoted, quotedFrom } from '../fit.ts';
import type { LocationUrl } from '../location-url.ts';
import { quote, unquote } from '../python-quote.ts';
import { unifyScheme } from '../scheme.ts';
import { type ConfiguredDriver, broken, sampleImage, working } from './driver.ts';
import {
  authAddress,
  type Containers,
  credentialId,
  credentialSecret,
  key,
  readContainers,
  user,
} from './swift-options.ts';

/** An account as URLs name it. */
export interface SwiftAccount {
  readonly scheme: 'swift+http' | 'swift+https';
  /** the authentication service: without scheme and slashes at the ends */
  readonly address: string;
  /** `<project>:<user>`; undefined when it is not known */
  readonly user: string | undefined;
  /** `bare` URLs have no credentials: those of a store with an application credential */
  readonly urls: 'with-credentials' | 'bare';
}

/**
 * glance_store._drivers.swift.store.SingleTenantStore: URLs are
 * `<scheme>://<user>:<key>@<auth address>/<container>/<image id>`, user and key percent-quoted.
 * An application credential, which the newest release knows, goes before user and key and leaves them out.
 */
export function configureSingleTenant(conf: StoreConf): ConfiguredDriver {
  const value = (option: Option<string>): string => conf.get(option) ?? '';
  const isSet = (...options: Option<string>[]): boolean =>
    options.every((one) => value(one) !== '');
  const isBare = isSet(authAddress, credentialId, credentialSecret);
  if (!isBare && !isSet(authAddress, user, key)) return broken(incomplete);
  const account: SwiftAccount = {
    ...readAddress(value(authAddress)),
    user: isSet(user) ? value(user) : undefined,
    urls: isBare ? 'bare' : 'with-credentials',
  };
  const containers = readContainers(conf);
  const credentials = isBare ? '' : `${quote(value(user))}:${quote(value(key))}@`;
  const { scheme, address } = account;
  return working({
    urlPrefix: {
      kind: 'known',
      value: `${scheme}://${credentials}${address}/${containers.name}/`,
    },
    comparedTexts: [address, containers.name, account.user ?? ''],
    sampleUrls: [sampleUrlOf(account, containers)],
    dependsOnImage: containers.seed > 0,
    warnings: containers.seed > 0 ? [seedWarning] : [],
    fit: (url, imageId) => fitAccount(url, account, containersOf(containers, imageId)),
  });
}

/** What to know of `swift_store_multiple_containers_seed`. */
export const seedWarning =
  'Glance finds only images in swift_store_container itself, not those in the containers that ' +
  'swift_store_multiple_containers_seed makes';

const incomplete =
  'swift_store_auth_address, swift_store_user and swift_store_key are needed (or an application ' +
  'credential instead of the last two); set all of them';

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

/** The containers an image may be in. */
export interface ImageContainers {
  /** the plain one first */
  readonly names: readonly string[];
  /** for people, the same for all images */
  readonly description: string;
}

/**
 * The containers of an image, as `get_container_name` has them: a seed of N adds the one named by the first N
 * characters of the image id, and as many more as there are dashes among them.
 */
export function containersOf({ name, seed }: Containers, imageId: string): ImageContainers {
  if (name === '') return { names: [], description: "the store's: it has none" };
  if (seed === 0) return { names: [name], description: quoted(name) };
  const id = imageId.toLowerCase();
  const dashes = id.slice(0, seed).split('-').length - 1;
  return {
    names: [name, `${name}_${id.slice(0, seed + dashes)}`],
    description: `${quoted(name)} or "${name}_" with ${seed} characters of the image id`,
  };
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
  const split = splitAtHost(url.rest, account.address);
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

/** What is known before container and object are looked at. */
export interface ContainerFit {
  /** what follows `://` */
  readonly rest: string;
  readonly agreed: number;
  readonly depth: number;
  readonly correction: Correction;
}

/** Judges what follows the account: `<container>/<object>`. */
export function fitContainer(
  path: string,
  { names, description }: ImageContainers,
  { rest, agreed, depth, correction }: ContainerFit,
): Fit {
  const [name = '', ...object] = path.split('/');
  const index = names.indexOf(name);
  if (index < 0) {
    const alike = likeness(name, names[0] ?? '');
    return misses(agreed + alike, `container ${quotedFrom(rest, name)} is not ${description}`);
  }
  if (object.every((part) => part === '')) return misses(agreed + 1, 'the URL names no object');
  return fits(depth + 1, index > 0 ? 'container-seed' : correction);
}
