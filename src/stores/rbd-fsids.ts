import type { Fault, Mistake } from '../conf/mistake.ts';
import { isFsid } from './ceph-conf.ts';
import { findDriver } from './drivers/by-type.ts';
import { rbd } from './drivers/rbd.ts';

/** Clusters as `--rbd-fsid` names them. */
export interface RbdFsids {
  /** fsid by store id */
  readonly byStore: ReadonlyMap<string, string>;
  readonly mistakes: readonly Mistake[];
}

/**
 * Reads `--rbd-fsid STORE=FSID`. Of several for one store the last counts.
 *
 * @param backends types by store id
 */
export function parseRbdFsids(
  texts: readonly string[],
  backends: ReadonlyMap<string, string>,
): RbdFsids {
  const pairs = texts.map(splitPair);
  return {
    byStore: new Map(pairs),
    mistakes: pairs.flatMap(([store, fsid]) => {
      const fault = findFault(store, fsid, backends);
      return fault === undefined ? [] : [{ origin: undefined, option: '--rbd-fsid', ...fault }];
    }),
  };
}

function splitPair(text: string): readonly [string, string] {
  const equals = text.lastIndexOf('=');
  return [text.slice(0, Math.max(equals, 0)), text.slice(equals + 1)];
}

function findFault(
  store: string,
  fsid: string,
  backends: ReadonlyMap<string, string>,
): Fault | undefined {
  if (findDriver(backends.get(store) ?? '') !== rbd) {
    return {
      problem: `${JSON.stringify(store)} is not the id of an enabled rbd store`,
      remedy: 'write <store id>=<fsid>',
    };
  }
  if (isFsid(fsid)) return undefined;
  return {
    problem: `${JSON.stringify(fsid)} is not the fsid of a cluster`,
    remedy: 'write the UUID that "ceph fsid" prints',
  };
}
