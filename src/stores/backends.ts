import type { Conf } from '../conf/conf.ts';
import { defaultBackend, enabledBackends } from '../conf/glance-options.ts';
import type { Mistake } from '../conf/mistake.ts';
import { reservedPrefix } from './reserved.ts';
import type { Store } from './store.ts';

/** `enabled_backends` as it is written. */
export interface Backends {
  /** driver types by store id, in order; empty where the option cannot be read */
  readonly types: ReadonlyMap<string, string>;
  /** what keeps glance-api from starting, or makes it a cloud of one store */
  readonly mistakes: readonly Mistake[];
}

/** Reads `enabled_backends`. A text that is not of its form is among `Conf.mistakes`. */
export function readBackends(conf: Conf): Backends {
  const types = conf.get('DEFAULT', enabledBackends);
  const isMisread = types === undefined && conf.isSet('DEFAULT', enabledBackends);
  if (isMisread) return { types: new Map(), mistakes: [] };
  if (types === undefined || types.size === 0)
    return { types: new Map(), mistakes: [describeNone(conf)] };
  const reserved = [...types.keys()].filter((id) => id.startsWith(reservedPrefix));
  return { types, mistakes: reserved.map((id) => describeReserved(conf, id)) };
}

/** A mistyped name of the option would else be reported as a cloud with one store. */
function describeNone(conf: Conf): Mistake {
  const misplaced = conf.findMisplaced(
    'DEFAULT',
    enabledBackends,
    'no stores are enabled elsewhere',
  );
  return (
    misplaced ??
    conf.mistake('DEFAULT', enabledBackends, {
      problem: 'no stores are enabled: Glance runs with a single store, where locations need none',
      remedy: 'run this once enabled_backends is set, with the configuration that has it',
    })
  );
}

function describeReserved(conf: Conf, id: string): Mistake {
  return conf.mistake('DEFAULT', enabledBackends, {
    problem: `store id ${JSON.stringify(id)} begins with "${reservedPrefix}", which Glance keeps for itself`,
    remedy: 'give the store another id',
  });
}

/**
 * What is wrong with `default_backend` (glance_store/multi_backend.py, `verify_store`); undefined when nothing is.
 * It keeps glance-api from starting, but says nothing about where images are.
 */
export function findDefaultFault(conf: Conf, stores: readonly Store[]): Mistake | undefined {
  const id = conf.get('glance_store', defaultBackend) ?? '';
  const store = stores.find((one) => one.id === id && !one.reserved);
  // Upstream looks the store up by its type as if that were a URL scheme; vmware's is called vsphere.
  if (store?.schemes.includes(store.type) === true) return undefined;
  return conf.mistake('glance_store', defaultBackend, {
    problem: `${describeDefault(id, store)}, so that glance-api does not start; here it plays no part`,
    remedy: 'name an enabled store that has a driver and is not of type vmware',
  });
}

function describeDefault(id: string, store: Store | undefined): string {
  if (id === '') return 'no default store is named';
  const quoted = JSON.stringify(id);
  return store === undefined
    ? `${quoted} is not in enabled_backends`
    : `${quoted} cannot be the default store`;
}
