import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { loadConf, type LoadedConf } from '../conf/load.ts';
import { ConfError } from '../conf/mistake.ts';
import { UsageError } from '../exit-code.ts';
import {
  type MapEntry,
  type Mapping,
  parseMappings,
  readMapFile,
  readMapOption,
} from '../locations/mappings.ts';
import { findStoreWarnings } from '../locations/store-warnings.ts';
import type { CommonOptions, StoresOptions } from '../options.ts';
import { type ConfiguredStores, configureStores } from '../stores/enabled.ts';
import type { Terminal } from '../terminal.ts';

/** The stores, and the operator's word on URLs besides. */
export interface Setup extends ConfiguredStores {
  readonly mappings: readonly Mapping[];
}

/** Reads the configuration's files. @throws ConfError with every mistake in them */
export function readConf({ confPaths }: CommonOptions, terminal: Terminal): LoadedConf {
  const loaded = loadConf({
    given: confPaths,
    environment: process.env,
    homeDirectory: homedir(),
  });
  for (const file of loaded.configFiles) terminal.info(`configuration: ${file}`);
  return loaded;
}

/**
 * Configures the stores; warnings go to the terminal.
 *
 * @throws ConfError with every mistake that concerns them, UsageError for a map that cannot be read
 */
export function setUpStores(
  { conf, namedFiles }: LoadedConf,
  options: StoresOptions,
  terminal: Terminal,
): Setup {
  const configured = configureStores({ conf, files: namedFiles, rbdFsids: options.rbdFsids });
  const mappings = readMappings(options, configured);
  const stores = { stores: configured.stores, matching: options.matching };
  for (const warning of [...configured.warnings, ...findStoreWarnings(stores)]) {
    terminal.warn(warning);
  }
  return { ...configured, mappings };
}

/** The ids of `enabled_backends`, in order; the stores Glance reserves for itself are not among them. */
export function enabledStoreIds({ stores }: ConfiguredStores): string[] {
  return stores.filter(({ reserved }) => !reserved).map(({ id }) => id);
}

/**
 * Does both, so that the mistakes of both are shown at once.
 *
 * @throws ConfError with the mistakes of either or both
 */
export function both<One, Other>(one: () => One, other: () => Other): [One, Other] {
  const results = [attempt(one), attempt(other)] as const;
  const mistakes = results.flatMap((result) => ('mistakes' in result ? result.mistakes : []));
  const [first, second] = results;
  if ('value' in first && 'value' in second) return [first.value, second.value];
  throw new ConfError(mistakes);
}

function attempt<T>(work: () => T): { value: T } | Pick<ConfError, 'mistakes'> {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof ConfError) return error;
    throw error;
  }
}

function readMappings(options: StoresOptions, { stores }: ConfiguredStores): readonly Mapping[] {
  const { maps, mapFile, matching } = options;
  if (matching === 'glance' && (maps.length > 0 || mapFile !== undefined)) {
    throw new UsageError('--map goes with --matching corrected only: Glance knows no mapping');
  }
  const entries = [
    ...(mapFile === undefined ? [] : readMapEntries(mapFile)),
    ...maps.map(readMapOption),
  ];
  const { mappings, mistakes } = parseMappings(
    entries,
    stores.filter(({ reserved }) => !reserved),
  );
  if (mistakes.length > 0) throw new ConfError(mistakes);
  return mappings;
}

function readMapEntries(path: string): readonly MapEntry[] {
  const entries = readMapFile(readMapText(path), path);
  if ('problem' in entries) throw new ConfError([entries]);
  return entries;
}

function readMapText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--map-file: ${error instanceof Error ? error.message : String(error)}`);
  }
}
