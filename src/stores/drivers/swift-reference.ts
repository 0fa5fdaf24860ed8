import { type Fit, misses } from '../fit.ts';
import type { LocationUrl } from '../location-url.ts';
import { quoted, quotedFrom } from '../reason-text.ts';
import {
  findReferenceFault,
  readSwiftReferences,
  type SwiftReference,
} from '../swift-reference-file.ts';
import {
  type ConfiguredDriver,
  type DriverSetup,
  broken,
  sampleImage,
  unknown,
  working,
} from './driver.ts';
import { fitAccount, readAddress, sampleUrlOf, type SwiftAccount } from './swift-account.ts';
import {
  containersOf,
  fitContainer,
  type ImageContainers,
  readContainers,
  seedWarning,
} from './swift-containers.ts';
import { defaultReference } from './swift-options.ts';

/** The references a store knows, and the one it writes with. */
interface References {
  readonly byName: ReadonlyMap<string, SwiftReference>;
  readonly default: { readonly name: string; readonly account: SwiftReference };
}

/**
 * glance_store._drivers.swift.store.SingleTenantStore with `swift_store_config_file`: URLs are
 * `swift+config://<reference>/<container>/<image id>`. The newest release writes `None` for a reference that is
 * not set in the store's own group; the prefix here has the default, as before.
 */
export function configureReference({ conf, swiftFiles }: DriverSetup): ConfiguredDriver {
  const file = swiftFiles.at(-1);
  const fault = file === undefined ? 'it is not given' : findReferenceFault(file);
  const { byName, mistakes } = readSwiftReferences(swiftFiles);
  const name = conf.get(defaultReference) ?? '';
  const containers = readContainers(conf);
  const place = `${name}/${containers.name}/`;
  if (fault !== undefined) {
    const why = `swift_store_config_file: ${fault}`;
    const isElsewhere = file?.kind === 'missing';
    const prefix = { start: `swift+config://${place}`, end: '' };
    return keepOwn(place, isElsewhere ? unknown(why, [prefix], mistakes) : broken(why, mistakes));
  }
  const account = byName.get(name);
  if (account === undefined) {
    const why = `default_swift_reference ${quoted(name)} is no section with auth_address, user and key`;
    return keepOwn(place, broken(`${why} in swift_store_config_file`, mistakes));
  }
  const references = { byName, default: { name, account } };
  const prefix = `swift+config://${place}`;
  return working({
    urlPrefix: { kind: 'known', value: prefix },
    sampleUrls: [`${prefix}${sampleImage}`, sampleUrlOf(toSwiftAccount(account), containers)],
    mistakes,
    comparedTexts: [...byName.keys(), account.authAddress, account.user ?? '', containers.name],
    dependsOnImage: containers.seed > 0,
    warnings: containers.seed > 0 ? [seedWarning] : [],
    fit: (url, imageId) => fitReference(url, references, containersOf(containers, imageId)),
  });
}

/** A store out of order whose URLs are known all the same: another one that knows the reference must not get them. */
function keepOwn(place: string, store: ConfiguredDriver): ConfiguredDriver {
  return {
    ...store,
    comparedTexts: [place],
    fit: (url, imageId) => {
      const fit = store.fit(url, imageId);
      const isOwn = url.scheme === 'swift+config' && url.rest.startsWith(place);
      return isOwn && fit.kind === 'misses' ? { ...fit, agreed: 3, isOwn } : fit;
    },
  };
}

function fitReference(url: LocationUrl, references: References, containers: ImageContainers): Fit {
  if (url.scheme !== 'swift+config') {
    const fit = fitAccount(url, toSwiftAccount(references.default.account), containers);
    return fit.kind === 'fits' ? { ...fit, correction: 'config-reference' } : fit;
  }
  const [name = '', ...path] = url.rest.split('/');
  if (!references.byName.has(name)) {
    return misses(0, `reference ${quotedFrom(url.rest, name)} is not in swift_store_config_file`);
  }
  const isDefault = name === references.default.name;
  return fitContainer(path.join('/'), containers, {
    rest: url.rest,
    agreed: isDefault ? 2 : 1,
    // A store that has the reference as its default goes before one that merely knows it.
    depth: isDefault ? 1 : 0,
    correction: isDefault ? 'scheme-synonym' : 'config-reference',
  });
}

/** URLs from before the store had a reference file name its account with credentials. */
function toSwiftAccount({ authAddress, user }: SwiftReference): SwiftAccount {
  return { ...readAddress(authAddress), user, urls: 'with-credentials' };
}
