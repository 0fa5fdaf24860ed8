import type { Conf } from '../conf/conf.ts';
import { ConfError, type Mistake, renderMistake } from '../conf/mistake.ts';
import type { FileText, NamedFiles } from '../conf/named-files.ts';
import { optionLabel } from '../conf/registry.ts';
import { StoreConf } from '../conf/store-conf.ts';
import { findDefaultFault, readBackends } from './backends.ts';
import { driverTypes, findDriver } from './drivers/by-type.ts';
import {
  broken,
  commonOptions,
  type ConfiguredDriver,
  type Driver,
  type DriverSetup,
  type RbdFsid,
} from './drivers/driver.ts';
import { findOverlaps, type Overlap } from './overlaps.ts';
import { parseRbdFsids } from './rbd-fsids.ts';
import { configureReserved, registerReserved, reservedStoreIds } from './reserved.ts';
import type { Store } from './store.ts';

/** What the stores are read from. */
export interface StoreSources {
  readonly conf: Conf;
  readonly files: NamedFiles;
  /** as given with `--rbd-fsid`: `<store id>=<fsid>` or `<store id>=unreachable` */
  readonly rbdFsids: readonly string[];
}

/** The stores of a cloud. */
export interface ConfiguredStores {
  /** in the order Glance tries them: `enabled_backends`, then the reserved ones */
  readonly stores: readonly Store[];
  /** what is wrong with the configuration, but does not matter here */
  readonly warnings: readonly string[];
  readonly overlaps: readonly Overlap[];
}

/** A store, and what its driver says besides. */
interface Configured extends Pick<ConfiguredDriver, 'mistakes' | 'sampleUrls'> {
  readonly store: Store;
}

/**
 * Configures the stores of `enabled_backends` and the reserved ones as glance-api does when it starts
 * (glance/common/wsgi_app.py, `init_app`; glance_store/multi_backend.py, `create_multi_stores`).
 *
 * A store that Glance could do without has an error instead of a prefix; see `Store.urlPrefix`.
 *
 * @throws ConfError with every mistake that would keep glance-api from starting
 */
export function configureStores(sources: StoreSources): ConfiguredStores {
  const { conf } = sources;
  const backends = readBackends(conf);
  registerOptions(conf, backends.types);
  const fsids = parseRbdFsids(sources.rbdFsids, backends.types);
  const planned = planEnabled(sources, backends.types, fsids.byStore);
  const enabled = planned.map((one) => configureEnabled(one, planned));
  const reserved = reservedStoreIds.map((id) =>
    assemble({ id, type: 'file', reserved: true }, configureReserved(conf, id)),
  );
  const all = [...enabled, ...reserved];
  const stores = all.map(({ store }) => store);
  const fault = findDefaultFault(conf, stores);
  const mistakes = [
    ...conf.mistakes,
    ...backends.mistakes,
    ...fsids.mistakes,
    ...all.flatMap((store) => store.mistakes),
  ];
  if (mistakes.length > 0) throw new ConfError(findCertain(mistakes, conf));
  const warnings = [
    ...(fault === undefined ? [] : [renderMistake(fault)]),
    ...findMistyped(conf, backends.types).map(renderMistake),
    ...findDefaulted(conf, backends.types).map(describeDefaulted),
    ...planned.flatMap(({ driver, setup }) => driver?.findDoubt?.(setup) ?? []),
  ];
  return { stores, warnings, overlaps: findOverlaps(enabled) };
}

/** Glance passes over a name that it does not know; what was meant then has its default. */
function findMistyped(conf: Conf, types: ReadonlyMap<string, string>): readonly Mistake[] {
  return [...types].flatMap(([id, type]) =>
    conf
      .findMistyped(id, findDriver(type)?.options ?? [])
      .map(({ section, name, origin, meant }): Mistake => ({
        origin,
        option: optionLabel(section, name),
        problem: `Glance passes over it, as driver ${type} has no such option`,
        remedy: `if ${meant} is meant, write that`,
      })),
  );
}

/** Schemes of the drivers whose defaults alone make a prefix, which then is seldom what was meant. */
const schemesWithDefaults = ['file', 'rbd'];

/** The stores of such a driver of which nothing is set: often the id is mistyped in one of two places. */
function findDefaulted(conf: Conf, types: ReadonlyMap<string, string>): readonly string[] {
  return [...types].flatMap(([id, type]) => {
    const driver = findDriver(type);
    if (driver === undefined) return [];
    const hasDefaults = schemesWithDefaults.some((scheme) => driver.schemes.includes(scheme));
    const store = new StoreConf(conf, id);
    return hasDefaults && !driver.options.some((option) => store.isSet(option)) ? [id] : [];
  });
}

function describeDefaulted(id: string): string {
  return (
    `store ${id}: none of its options is set, so that it is where the defaults say; ` +
    `is the section [${id}] missing, or the id mistyped in enabled_backends?`
  );
}

/**
 * While some lines cannot be parsed, an option that seems missing may stand on one of them: only mistakes that have a
 * line are reported.
 */
function findCertain(mistakes: readonly Mistake[], conf: Conf): readonly Mistake[] {
  return conf.isWhole ? mistakes : mistakes.filter(({ origin }) => origin !== undefined);
}

/**
 * What is known of the enabled stores whatever else is wrong with them: their ids and schemes. Empty while that is not
 * known for certain.
 */
export function listEnabled(conf: Conf): readonly Pick<Store, 'id' | 'schemes'>[] {
  if (!conf.isWhole) return [];
  return [...readBackends(conf).types].map(([id, type]) => ({
    id,
    schemes: findDriver(type)?.schemes ?? [],
  }));
}

/** Values may refer to options of any store, so all are made known before the first is read. */
function registerOptions(conf: Conf, types: ReadonlyMap<string, string>): void {
  for (const id of reservedStoreIds) registerReserved(conf, id);
  for (const [id, type] of types) {
    conf.register(id, commonOptions);
    new StoreConf(conf, id).register(findDriver(type)?.options ?? []);
  }
}

function planEnabled(
  { conf, files }: StoreSources,
  types: ReadonlyMap<string, string>,
  fsids: ReadonlyMap<string, RbdFsid>,
): readonly Planned[] {
  const swiftFiles: FileText[] = [];
  const cephConf = (path: string): FileText => files.cephConf(path);
  return [...types].map(([id, type]): Planned => {
    const driver = findDriver(type);
    const store = new StoreConf(conf, id);
    const reference = driver?.findReferenceFile?.(store);
    if (reference !== undefined) swiftFiles.push(files.swiftConf(reference));
    const setup = { conf: store, cephConf, rbdFsid: fsids.get(id), swiftFiles: [...swiftFiles] };
    return { id, type, driver, setup };
  });
}

function configureEnabled(
  { id, type, driver, setup }: Planned,
  planned: readonly Planned[],
): Configured {
  const identity = { id, type, reserved: false };
  if (driver === undefined) return assemble(identity, broken(describeUnknown(type)));
  return assemble(identity, driver.configure(setup, findHosts(driver, planned)));
}

/** An enabled store before it is configured: that takes a look at the others of its driver. */
interface Planned extends Pick<Store, 'id' | 'type'> {
  /** undefined when there is none of that type */
  readonly driver: Driver | undefined;
  readonly setup: DriverSetup;
}

function findHosts(driver: Driver, planned: readonly Planned[]): readonly string[] {
  const hosts = planned.flatMap((other) =>
    other.driver === driver ? (driver.findHost?.(other.setup) ?? []) : [],
  );
  return [...new Set(hosts)];
}

function assemble(
  identity: Pick<Store, 'id' | 'type' | 'reserved'>,
  { mistakes, sampleUrls, ...driver }: ConfiguredDriver,
): Configured {
  const schemes = findDriver(identity.type)?.schemes ?? [];
  return { store: { ...identity, schemes, ...driver }, mistakes, sampleUrls };
}

function describeUnknown(type: string): string {
  const names = driverTypes.join(', ');
  return `there is no driver ${JSON.stringify(type)}; write one of ${names} in enabled_backends`;
}
