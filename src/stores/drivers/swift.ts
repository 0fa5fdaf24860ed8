import type { StoreConf } from '../../conf/store-conf.ts';
import { type ConfiguredDriver, type Driver, type DriverSetup, broken } from './driver.ts';
import { configureMultiTenant } from './swift-multi-tenant.ts';
import { configFile, multiTenant, swiftOptions } from './swift-options.ts';
import { configureReference } from './swift-reference.ts';
import { configureSingleTenant } from './swift-single-tenant.ts';

/** glance_store._drivers.swift: one driver, three rules, each in a file of its own. */
export const swift: Driver = {
  schemes: ['swift+https', 'swift', 'swift+http', 'swift+config'],
  options: swiftOptions,
  findReferenceFile,
  configure: configureSwift,
};

/** The Swift reference file that a store reads; undefined when it reads none. Set to nothing it is set. */
function findReferenceFile(conf: StoreConf): string | undefined {
  // Upstream reads these two from the store's own group, whatever [backend_defaults] says.
  return conf.getOwn(multiTenant) === true ? undefined : conf.getOwn(configFile);
}

function configureSwift(setup: DriverSetup): ConfiguredDriver {
  const { conf } = setup;
  if (findReferenceFile(conf) !== undefined) return configureReference(setup);
  if (conf.getOwn(multiTenant) !== true) return configureSingleTenant(conf);
  if (conf.getOwn(configFile) === undefined) return configureMultiTenant(conf);
  return broken(
    'swift_store_multi_tenant and swift_store_config_file exclude each other; remove one of them',
  );
}
