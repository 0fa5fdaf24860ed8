import type { Fault } from '../../conf/mistake.ts';
import { hostAddress, multiStr, str, type Option } from '../../conf/options.ts';
import type { StoreConf } from '../../conf/store-conf.ts';
import type { Correction } from '../correction.ts';
import { hostLikeness } from '../credentials.ts';
import { type Fit, fits, misses } from '../fit.ts';
import type { LocationUrl } from '../location-url.ts';
import { hasDotSegments, pathBelow, splitPath } from '../path.ts';
import { describeHost, quoted } from '../reason-text.ts';
import {
  type ConfiguredDriver,
  type Driver,
  broken,
  sampleImage,
  unreadOptions,
  working,
} from './driver.ts';
import { type Datastore, findDatastoreFault, parseDatastores } from './vmware-datastores.ts';

const host: Option<string> = { name: 'vmware_server_host', type: hostAddress };
const username: Option<string> = { name: 'vmware_server_username', type: str };
const password: Option<string> = { name: 'vmware_server_password', type: str, secret: true };
const imageDir: Option<string> = {
  name: 'vmware_store_image_dir',
  type: str,
  default: '/openstack_glance',
};
const datastores: Option<readonly string[]> = { name: 'vmware_datastores', type: multiStr };
const insecure: Option<string> = {
  name: 'vmware_insecure',
  type: str,
  default: 'False',
  deprecatedNames: [{ name: 'vmware_api_insecure' }],
};

/**
 * glance_store._drivers.vmware_datastore: URLs are
 * `vsphere://<host>/folder/<image dir>/<image id>?dcPath=<datacenter>&dsName=<datastore>`.
 */
export const vmware: Driver = {
  schemes: ['vsphere'],
  options: [
    host,
    username,
    password,
    imageDir,
    datastores,
    insecure,
    ...unreadOptions('vmware_api_retry_count=10 vmware_task_poll_interval=5 vmware_ca_file'),
  ],
  configure: ({ conf }) => configureVmware(conf),
};

/** Where a store keeps its images. */
interface Folder {
  /** as URLs have it: IPv6 in brackets */
  readonly host: string;
  /** what Glance's prefix has after the host */
  readonly prefix: string;
  /** components, `/folder` included */
  readonly path: readonly string[];
  readonly datastores: readonly Datastore[];
}

function configureVmware(conf: StoreConf): ConfiguredDriver {
  const unset = [host, username, password].filter((option) => conf.get(option) === undefined);
  if (unset.length > 0) {
    // One that is set but cannot be read is among the mistakes already.
    const mistakes = unset
      .filter((option) => !conf.isSet(option))
      .map((option) => conf.mistake(option, notSet));
    return broken(`${unset.map(({ name }) => name).join(', ')} missing`, mistakes);
  }
  const configured = parseDatastores(conf.get(datastores) ?? []);
  if (configured === undefined) return broken(badDatastores);
  const address = conf.get(host) ?? '';
  const dir = conf.get(imageDir) ?? '';
  const urlHost = address.includes(':') ? `[${address}]` : address;
  const folder: Folder = {
    host: urlHost,
    prefix: joinPath('/folder', dir),
    path: splitPath(`/folder/${dir}`),
    datastores: configured,
  };
  return working({
    urlPrefix: { kind: 'known', value: `vsphere://${urlHost}${folder.prefix}` },
    comparedTexts: [
      urlHost,
      ...folder.path,
      ...configured.flatMap(({ datacenter, name }) => [datacenter, name]),
    ],
    warnings: dir.startsWith('/') ? [absoluteWarning] : [],
    sampleUrls: configured.map((datastore) => sampleUrlOf(folder, datastore)),
    fit: (url) => fitFolder(url, folder),
  });
}

const notSet: Fault = {
  problem: 'a vmware store does not start without it',
  remedy: 'set it',
};

const absoluteWarning =
  'Glance finds none of the images: vmware_store_image_dir begins with a slash, which drops ' +
  '/folder from its prefix, but not from the URLs';

const badDatastores =
  'vmware_datastores is not set, or an item is not of the form ' +
  '<datacenter path>:<datastore name>[:<whole number>]; correct it';

function sampleUrlOf({ host: urlHost, path }: Folder, { datacenter, name }: Datastore): string {
  const query = new URLSearchParams({ dsName: name, dcPath: datacenter }).toString();
  return `vsphere://${urlHost}${path.join('/')}/${sampleImage}?${query}`;
}

/** Python's os.path.join: an absolute second path drops the first one. So Glance's prefix loses `/folder`. */
function joinPath(first: string, second: string): string {
  return second.startsWith('/') ? second : `${first}/${second}`;
}

function fitFolder(url: LocationUrl, folder: Folder): Fit {
  const [, place = '', query = ''] = /^([^?#]*)\??([^#]*)/.exec(url.rest) ?? [];
  if (!place.startsWith(`${folder.host}/`)) {
    const alike = hostLikeness(place, folder.host);
    return misses(alike, `${describeHost(url.rest)} is not ${quoted(folder.host)}`);
  }
  const below = pathBelow(folder.path, splitPath(place.slice(folder.host.length)));
  if (below === undefined) {
    return misses(1, `the path is not below ${quoted(folder.path.join('/'))}`);
  }
  // What `..` leads to only the datastore knows.
  if (hasDotSegments(below)) return misses(1, 'the path holds "." or ".."', 'dot-segments');
  const fault = findDatastoreFault(query, folder.datastores);
  if (fault !== undefined) return misses(2, fault, 'vmware-datastore');
  return fits(folder.path.length, nameCorrection(url, folder));
}

/** What makes a URL fit that does not begin with the prefix. */
function nameCorrection(url: LocationUrl, folder: Folder): Correction {
  if (!url.raw.startsWith('vsphere:')) return 'scheme-synonym';
  return folder.prefix.startsWith('/folder') ? 'path-spelling' : 'vmware-folder';
}
