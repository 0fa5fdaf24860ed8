import type { Fault, Mistake } from '../conf/mistake.ts';
import { splitAssignment } from './assignment.ts';
import { findDriver } from './drivers/by-type.ts';
import type { RbdFsid } from './drivers/driver.ts';
import { isUuid } from './uuid.ts';

/** Clusters as `--rbd-fsid` names them. */
export interface RbdFsids {
  /** by store id */
  readonly byStore: ReadonlyMap<string, RbdFsid>;
  readonly mistakes: readonly Mistake[];
}

/**
 * Reads `--rbd-fsid STORE=FSID` and `STORE=unreachable`. To say the same twice is no mistake.
 *
 * @param backends types by store id; empty while they are not known, when there is nothing to check against
 */
export function parseRbdFsids(
  texts: readonly string[],
  backends: ReadonlyMap<string, string>,
): RbdFsids {
  if (backends.size === 0) return { byStore: new Map(), mistakes: [] };
  const pairs = texts.map(splitAssignment).map(({ left, right }) => ({
    store: left,
    fsid: right.toLowerCase(),
  }));
  const faults = pairs.flatMap(({ store, fsid }) => findFault(store, fsid, backends) ?? []);
  if (faults.length === 0) faults.push(...findContradictions(pairs));
  return {
    byStore: new Map(pairs.map(({ store, fsid }) => [store, readFsid(fsid)])),
    mistakes: faults.map((fault) => ({ origin: undefined, option: '--rbd-fsid', ...fault })),
  };
}

/** Stands for the fsid of a cluster that Glance cannot reach. */
const unreachable = 'unreachable';

function readFsid(text: string): RbdFsid {
  return text === unreachable ? { kind: 'unreachable' } : { kind: 'fsid', fsid: text };
}

function findFault(
  store: string,
  fsid: string,
  backends: ReadonlyMap<string, string>,
): Fault | undefined {
  if (findDriver(backends.get(store) ?? '')?.takesRbdFsid !== true) {
    return {
      problem: `${JSON.stringify(store)} is not the id of an enabled rbd store`,
      remedy: 'write <store id>=<fsid>',
    };
  }
  if (fsid === unreachable || isUuid(fsid)) return undefined;
  return {
    problem: `${JSON.stringify(fsid)} is not the fsid of a cluster`,
    remedy: 'write the UUID that "ceph fsid" prints',
  };
}

/** Stores given more than one fsid: neither wins. */
function findContradictions(pairs: readonly { store: string; fsid: string }[]): Fault[] {
  const said = new Map<string, Set<string>>();
  for (const { store, fsid } of pairs) {
    said.set(store, (said.get(store) ?? new Set<string>()).add(fsid));
  }
  return [...said].flatMap(([store, fsids]) =>
    fsids.size > 1
      ? [{ problem: `store ${store} is given ${[...fsids].join(' and ')}`, remedy: 'leave one' }]
      : [],
  );
}
