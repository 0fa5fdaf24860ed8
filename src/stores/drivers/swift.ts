import type { StoreConf } from '../../conf/store-conf.ts';
import { stripAddress } from '../credentials.ts';
import { type ConfiguredDriver, type Driver, type DriverSetup, broken } from './driver.ts';
import { configureMultiTenant } from './swift-multi-tenant.ts';
import { authAddress, configFile, multiTenant, swiftOptions } from './swift-options.ts';
import { configureReference, findReferenceAddress } from './swift-reference.ts';
import { configureSingleTenant } from './swift-single-tenant.ts';

/** glance_store._drivers.swift: one driver, three rules, each in a file of its own. */
export const swift: Driver = {
  schemes: ['swift+https', 'swift', 'swift+http', 'swift+config'],
  options: swiftOptions,
  findReferenceFile,
  findHost,
  configure: configureSwift,
};

/** The Swift reference file that a store reads; undefined when it reads none. Set to nothing it is set. */
function findReferenceFile(conf: StoreConf): string | undefined {
  // Upstream reads these two from the store's own group, whatever [backend_defaults] says.
  return conf.getOwn(multiTenant) === true ? undefined : conf.getOwn(configFile);
}

/** The address of the store's account; a multi-tenant store has none. */
function findHost(setup: DriverSetup): string | undefined {
  const { conf } = setup;
  if (findReferenceFile(conf) !== undefined) return findReferenceAddress(setup);
  if (conf.getOwn(multiTenant) === true) return undefined;
  return stripAddress(conf.get(authAddress) ?? '') || undefined;
}

function configureSwift(setup: DriverSetup, hosts: readonly string[]): ConfiguredDriver {
  const { conf } = setup;
  if (findReferenceFile(conf) !== undefined) return configureReference(setup, hosts);
  if (conf.getOwn(multiTenant) !== true) return configureSingleTenant(conf, hosts);
  if (conf.getOwn(configFile) === undefined) return configureMultiTenant(conf);
  return broken(
    'swift_store_multi_tenant and swift_store_config_file exclude each other; remove one of them',
  );
}
