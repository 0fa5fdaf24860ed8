import { cinder } from './cinder.ts';
import type { Driver } from './driver.ts';
import { file } from './file.ts';
import { http } from './http.ts';
import { rbd } from './rbd.ts';
import { s3 } from './s3.ts';
import { swift } from './swift.ts';
import { vmware } from './vmware.ts';

/** glance_store's setup.cfg, `glance_store.drivers`: types in upper case are none of them. */
const drivers: ReadonlyMap<string, Driver> = new Map([
  ['file', file],
  ['http', http],
  ['swift', swift],
  ['rbd', rbd],
  ['cinder', cinder],
  ['vmware', vmware],
  ['s3', s3],
  ['glance.store.filesystem.Store', file],
  ['glance.store.http.Store', http],
  ['glance.store.swift.Store', swift],
  ['glance.store.rbd.Store', rbd],
  ['glance.store.cinder.Store', cinder],
  ['glance.store.vmware_datastore.Store', vmware],
  ['glance.store.s3.Store', s3],
]);

/** The names to advise: those without the old form. */
export const driverTypes: readonly string[] = [...drivers.keys()].filter(
  (type) => !type.includes('.'),
);

/** The driver of a type in `enabled_backends`; undefined when there is none of that name. */
export function findDriver(type: string): Driver | undefined {
  return drivers.get(type);
}
