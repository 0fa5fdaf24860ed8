import type { StoreConf } from '../../conf/store-conf.ts';
import { type Fit, fits, misses } from '../fit.ts';
import type { LocationUrl } from '../location-url.ts';
import { quoted } from '../reason-text.ts';
import { unifyScheme } from '../scheme.ts';
import { type ConfiguredDriver, sampleImage, working } from './driver.ts';
import { readAddress, type SwiftAccount } from './swift-account.ts';
import { readContainers } from './swift-containers.ts';
import { endpoint } from './swift-options.ts';

/**
 * glance_store._drivers.swift.store.MultiTenantStore: URLs are
 * `<scheme>://<storage URL>/<container>_<image id>/<image id>`, where the storage URL is each project's own
 * unless `swift_store_endpoint` is set. Glance has no prefix for it: it would take a request to know one.
 */
export function configureMultiTenant(conf: StoreConf): ConfiguredDriver {
  const { name } = readContainers(conf);
  const storageUrl = conf.get(endpoint) ?? '';
  const place = storageUrl === '' ? undefined : readAddress(storageUrl);
  const { scheme, address } = place ?? { scheme: 'swift+https', address: '<endpoint>' };
  return working({
    urlPrefix: { kind: 'none', why: noPrefix },
    comparedTexts: [name, place?.address ?? ''],
    sampleUrls: [`${scheme}://${address}/${name}_${sampleImage}/${sampleImage}`],
    dependsOnImage: true,
    fit: (url, imageId) => fitEndpoint(url, place, `${name}_${imageId}`),
  });
}

const noPrefix =
  'a multi-tenant store has no prefix in Glance, which would need a request to know the endpoint; ' +
  'here its URLs are known by their container';

function fitEndpoint(
  url: LocationUrl,
  place: Pick<SwiftAccount, 'scheme' | 'address'> | undefined,
  container: string,
): Fit {
  if (url.scheme === 'swift+config') return misses(0, 'the URL names a reference');
  if (url.rest.includes('@')) return misses(0, 'the URL has credentials of a single account');
  const parts = url.rest.split('/');
  const address = parts.slice(0, -2).join('/');
  const scheme = unifyScheme(url.scheme);
  if (place !== undefined && (address !== place.address || scheme !== place.scheme)) {
    return misses(0, `the endpoint is not ${quoted(place.address)}`);
  }
  const name = parts.at(-2);
  if (name !== container || address === '' || parts.at(-1) === '') {
    return misses(
      place === undefined ? 0 : 1,
      `container ${quoted(name ?? '')} is not ${quoted(container)}`,
    );
  }
  // An endpoint that is known to agree says more than one that may be any.
  return fits(place === undefined ? 1 : parts.length, 'multi-tenant');
}
