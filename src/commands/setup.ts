import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Conf } from '../conf/conf.ts';
import { loadConf } from '../conf/load.ts';
import { ConfError } from '../conf/mistake.ts';
import {
  type MapEntry,
  type Mapping,
  parseMappings,
  readMapFile,
  readMapOption,
} from '../locations/mappings.ts';
import type { StoresOptions } from '../options.ts';
import { type ConfiguredStores, configureStores } from '../stores/enabled.ts';
import { UsageError } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';

/** What every command starts from: the configuration and what it makes of the stores. */
export interface Setup extends ConfiguredStores {
  readonly conf: Conf;
  readonly mappings: readonly Mapping[];
}

/**
 * Reads the configuration and configures the stores; warnings go to the terminal.
 *
 * @throws ConfError with all mistakes of the configuration, UsageError for a map that cannot be used
 */
export function setUp(options: StoresOptions, terminal: Terminal): Setup {
  const { conf, configFiles, namedFiles } = loadConf({
    given: options.confPaths,
    environment: process.env,
    homeDirectory: homedir(),
  });
  for (const file of configFiles) terminal.info(`configuration: ${file}`);
  const configured = configureStores({ conf, files: namedFiles, rbdFsids: options.rbdFsids });
  for (const warning of configured.warnings) terminal.warn(warning);
  const enabledIds = enabledStoreIds(configured);
  return { ...configured, conf, mappings: readMappings(options, enabledIds) };
}

/** The ids of `enabled_backends`, in order; the stores Glance reserves for itself are not among them. */
export function enabledStoreIds({ stores }: ConfiguredStores): string[] {
  return stores.filter(({ reserved }) => !reserved).map(({ id }) => id);
}

function readMappings(options: StoresOptions, enabledIds: readonly string[]): readonly Mapping[] {
  const { maps, mapFile, matching } = options;
  if (matching === 'glance' && (maps.length > 0 || mapFile !== undefined)) {
    throw new UsageError('--map goes with --matching corrected only: Glance knows no mapping');
  }
  const entries = [
    ...(mapFile === undefined ? [] : readMapEntries(mapFile)),
    ...maps.map(readMapOption),
  ];
  const { mappings, mistakes } = parseMappings(entries, enabledIds);
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
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--map-file: ${why}`);
  }
}
