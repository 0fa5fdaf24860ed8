import { str, type Option } from '../../conf/options.ts';
import type { StoreConf } from '../../conf/store-conf.ts';
import { hostLikeness, splitAtHost, stripAddress, stripScheme } from '../credentials.ts';
import type { Correction } from '../correction.ts';
import { type Fit, fits, likeness, misses } from '../fit.ts';
import type { LocationUrl } from '../location-url.ts';
import { describeHost, quoted, quotedFrom } from '../reason-text.ts';
import { unifyScheme } from '../scheme.ts';
import {
  type ConfiguredDriver,
  type Driver,
  broken,
  sampleImage,
  unreadOptions,
  working,
} from './driver.ts';

const host: Option<string> = { name: 's3_store_host', type: str };
const accessKey: Option<string> = { name: 's3_store_access_key', type: str, secret: true };
const secretKey: Option<string> = { name: 's3_store_secret_key', type: str, secret: true };
const bucket: Option<string> = { name: 's3_store_bucket', type: str };

/** glance_store._drivers.s3: URLs are `<scheme>://<access key>:<secret>@<host>/<bucket>/<key>`, nothing quoted. */
export const s3: Driver = {
  schemes: ['s3', 's3+http', 's3+https'],
  options: [
    host,
    accessKey,
    secretKey,
    bucket,
    ...unreadOptions(`
      s3_store_region_name= s3_store_create_bucket_on_put=False s3_store_bucket_url_format=auto
      s3_store_large_object_size=100 s3_store_large_object_chunk_size=10 s3_store_thread_pools=10
      s3_store_cacert= s3_store_enable_data_integrity_protection=False
      s3_store_request_checksum_calculation=when_required
      s3_store_response_checksum_validation=when_required`),
  ],
  findHost: ({ conf }) => stripAddress(conf.get(host) ?? '') || undefined,
  configure: ({ conf }, hosts) => configureS3(conf, hosts),
};

/** Where a store keeps its objects. */
interface Bucket {
  readonly scheme: 's3' | 's3+https';
  /** as URLs have it: without scheme and slashes at the ends */
  readonly host: string;
  readonly name: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

function configureS3(conf: StoreConf, hosts: readonly string[]): ConfiguredDriver {
  const value = (option: Option<string>): string => conf.get(option) ?? '';
  const missing = [host, accessKey, secretKey, bucket].filter((option) => value(option) === '');
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    return broken(
      `${names} ${missing.length === 1 ? 'is not set; set it' : 'are not set; set them'}`,
    );
  }
  const place: Bucket = {
    scheme: value(host).startsWith('https://') ? 's3+https' : 's3',
    host: stripAddress(value(host)),
    name: value(bucket),
    accessKey: value(accessKey),
    secretKey: value(secretKey),
  };
  const credentials = `${place.accessKey}:${place.secretKey}`;
  const prefix = `${place.scheme}://${credentials}@${stripScheme(value(host))}/${place.name}`;
  return working({
    urlPrefix: { kind: 'known', value: prefix },
    comparedTexts: [place.host, place.name, credentials],
    warnings: stripScheme(value(host)) === place.host ? [] : [slashWarning],
    sampleUrls: ['', `${credentials}@`].map(
      (login) => `${place.scheme}://${login}${place.host}/${place.name}/${sampleImage}`,
    ),
    fit: (url) => fitBucket(url, place, hosts),
  });
}

const slashWarning =
  'Glance finds none of the images: s3_store_host ends with a slash, which its prefix keeps, but not the URLs';

function fitBucket(url: LocationUrl, place: Bucket, hosts: readonly string[]): Fit {
  const split = splitAtHost(url.rest, place.host, hosts);
  if (split === undefined) {
    const alike = hostLikeness(url.rest, place.host);
    return misses(alike, `${describeHost(url.rest)} is not ${quoted(place.host)}`);
  }
  const scheme = unifyScheme(url.scheme);
  if (scheme !== place.scheme) {
    return misses(1, `scheme ${scheme} is not ${place.scheme}, which s3_store_host asks for`);
  }
  if (!`${split.path}/`.startsWith(`${place.name}/`)) {
    const [name = ''] = split.path.split('/');
    const agreed = 2 + likeness(name, place.name);
    return misses(agreed, `bucket ${quotedFrom(url.rest, name)} is not ${quoted(place.name)}`);
  }
  if (/^\/*$/.test(split.path.slice(place.name.length))) {
    return misses(3, 'the URL names no object');
  }
  const depth = `${place.host}/${place.name}`.split('/').length;
  // Credentials count for less than any part of the path: they only tell stores on one bucket apart.
  const agreeing = countAgreeing(split.credentials, place);
  return fits(depth * 3 + agreeing, nameCorrection(url, place, agreeing));
}

/** What makes a URL fit that does not begin with the prefix. */
function nameCorrection(url: LocationUrl, place: Bucket, agreeing: 0 | 1 | 2): Correction {
  if (!url.raw.startsWith(`${place.scheme}:`)) return 'scheme-synonym';
  return agreeing === 2 ? 'path-spelling' : 'credentials';
}

/** 2 when access key and secret are the store's, 1 when the access key alone is, else 0. */
function countAgreeing(credentials: string | undefined, place: Bucket): 0 | 1 | 2 {
  if (credentials === `${place.accessKey}:${place.secretKey}`) return 2;
  return credentials?.startsWith(`${place.accessKey}:`) === true ? 1 : 0;
}
