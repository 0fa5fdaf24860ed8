import type { Fault, Mistake } from '../conf/mistake.ts';
import { splitAssignment } from './assignment.ts';
import { findDriver } from './drivers/by-type.ts';
import { isUuid } from './uuid.ts';

/** What the operator says of a store's cluster: its fsid, or that Glance cannot reach it either. */
export type RbdFsid =
  { readonly kind: 'fsid'; readonly fsid: string } | { readonly kind: 'unreachable' };

/** Clusters as `--rbd-fsid` names them. */
export interface RbdFsids {
  /** by store id */
  readonly byStore: ReadonlyMap<string, RbdFsid>;
  readonly mistakes: readonly Mistake[];
}

/**
 * Reads `--rbd-fsid STORE=FSID` and `STORE=unreachable`. Of several for one store the last counts.
 *
 * @param backends types by store id
 */
export function parseRbdFsids(
  texts: readonly string[],
  backends: ReadonlyMap<string, string>,
): RbdFsids {
  const pairs = texts.map(splitAssignment);
  return {
    byStore: new Map(pairs.map(({ left, right }) => [left, readFsid(right)])),
    mistakes: pairs.flatMap(({ left: store, right: fsid }) => {
      const fault = findFault(store, fsid, backends);
      return fault === undefined ? [] : [{ origin: undefined, option: '--rbd-fsid', ...fault }];
    }),
  };
}

function readFsid(text: string): RbdFsid {
  return text === unreachable ? { kind: 'unreachable' } : { kind: 'fsid', fsid: text };
}

/** Stands for the fsid of a cluster that Glance cannot reach. */
const unreachable = 'unreachable';

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
