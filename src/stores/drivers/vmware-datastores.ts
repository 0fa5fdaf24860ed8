import { strip } from '../../conf/python-text.ts';
import { quoted } from '../reason-text.ts';

/** One item of `vmware_datastores`. */
export interface Datastore {
  readonly datacenter: string;
  readonly name: string;
}

/**
 * Reads items of the form `<datacenter path>:<datastore name>[:<weight>]`, cut from the right
 * (vmware_datastore.py, `_parse_datastore_info_and_weight`).
 *
 * @returns undefined when there is no item, or one is not of that form
 */
export function parseDatastores(items: readonly string[]): readonly Datastore[] | undefined {
  const parsed = items.flatMap((item) => {
    const parts = item.split(':').map(strip);
    const weight = parts.length > 2 ? parts.pop() : '';
    const name = parts.pop() ?? '';
    const datacenter = strip(parts.join(':'));
    const isValid = /^([+-]?\d+)?$/.test(weight ?? '') && datacenter !== '' && name !== '';
    return isValid ? [{ datacenter, name }] : [];
  });
  return parsed.length > 0 && parsed.length === items.length ? parsed : undefined;
}

/** Why a URL's query names none of the datastores; undefined when it names one. Values are form-encoded. */
export function findDatastoreFault(
  query: string,
  datastores: readonly Datastore[],
): string | undefined {
  const parameters = new URLSearchParams(query);
  const datacenter = parameters.get('dcPath') ?? '';
  const name = parameters.get('dsName') ?? '';
  if (datacenter === '' || name === '')
    return 'the URL does not name both datacenter and datastore';
  const isTheirs = datastores.some((one) => one.datacenter === datacenter && one.name === name);
  if (isTheirs) return undefined;
  return `datastore ${quoted(name)} of datacenter ${quoted(datacenter)} is not in vmware_datastores`;
}
