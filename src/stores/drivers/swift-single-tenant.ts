import type { Option } from '../../conf/options.ts';
import { quote } from '../../conf/python-quote.ts';
import type { StoreConf } from '../../conf/store-conf.ts';
import { type ConfiguredDriver, broken, working } from './driver.ts';
import { fitAccount, readAddress, sampleUrlOf, type SwiftAccount } from './swift-account.ts';
import { containersOf, readContainers, seedWarning } from './swift-containers.ts';
import { authAddress, credentialId, credentialSecret, key, user } from './swift-options.ts';

/**
 * glance_store._drivers.swift.store.SingleTenantStore: URLs are
 * `<scheme>://<user>:<key>@<auth address>/<container>/<image id>`, user and key percent-quoted.
 * An application credential, which the newest release knows, goes before user and key and leaves them out.
 */
export function configureSingleTenant(conf: StoreConf, known: readonly string[]): ConfiguredDriver {
  const value = (option: Option<string>): string => conf.get(option) ?? '';
  const isSet = (...options: Option<string>[]): boolean =>
    options.every((one) => value(one) !== '');
  const isBare = isSet(authAddress, credentialId, credentialSecret);
  const missing = [authAddress, user, key].filter((option) => !isSet(option));
  if (!isBare && missing.length > 0) return broken(tellMissing(missing));
  const account: SwiftAccount = {
    ...readAddress(value(authAddress)),
    user: isSet(user) ? value(user) : undefined,
    known,
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

function tellMissing(missing: readonly Option<string>[]): string {
  const instead = missing.some(({ name }) => name !== authAddress.name)
    ? ' (or an application credential instead of user and key)'
    : '';
  return `${missing.map(({ name }) => name).join(' and ')} must be set${instead}`;
}
