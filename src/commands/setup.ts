import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { describeFailure } from '../conf/file-faults.ts';
import { loadConf, type LoadedConf } from '../conf/load.ts';
import { ConfError, type Mistake } from '../conf/mistake.ts';
import {
  type MapEntry,
  type Mapping,
  parseMappings,
  readMapFile,
  readMapOption,
} from '../locations/mappings.ts';
import { findStoreWarnings } from '../locations/store-warnings.ts';
import type { CommonOptions, MatchingOptions } from '../options.ts';
import { redactUrl } from '../report/redaction.ts';
import { type ConfiguredStores, configureStores, listEnabled } from '../stores/enabled.ts';
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
 * @throws ConfError with every mistake that concerns them, the operator's mappings included
 */
export function setUpStores(
  { conf, namedFiles }: LoadedConf,
  options: MatchingOptions,
  terminal: Terminal,
): Setup {
  const [configured, mappings] = collectMistakes(
    () => configureStores({ conf, files: namedFiles, rbdFsids: options.rbdFsids }),
    () => readMappings(options, listEnabled(conf)),
  );
  const stores = { stores: configured.stores, matching: options.matching };
  for (const warning of [...configured.warnings, ...findStoreWarnings(stores)]) {
    terminal.warn(warning);
  }
  return { ...configured, mappings };
}

/**
 * Warns of stores that overlap so that the rule in use gives their locations to none, or to the one that Glance meets
 * first.
 */
export function warnOfOverlaps(
  { overlaps }: ConfiguredStores,
  { matching }: Pick<MatchingOptions, 'matching'>,
  terminal: Terminal,
): void {
  const harmful = overlaps.filter(({ kind }) => matching === 'glance' || kind === 'same-place');
  for (const { stores, prefix, why } of harmful) {
    terminal.warn(
      `stores ${stores.join(' and ')} overlap at ${redactUrl(prefix)}: ${why}` +
        (matching === 'glance' ? '' : '; --map can say which store has these locations'),
    );
  }
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
export function collectMistakes<One, Other>(one: () => One, other: () => Other): [One, Other] {
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

function readMappings(
  { maps, mapFile, matching }: MatchingOptions,
  stores: ReturnType<typeof listEnabled>,
): readonly Mapping[] {
  if (matching === 'glance' && (maps.length > 0 || mapFile !== undefined)) {
    throw new ConfError([noMapping]);
  }
  const inFile = mapFile === undefined ? [] : readMapEntries(mapFile);
  const [entries, unread] = 'problem' in inFile ? [[], [inFile]] : [inFile, []];
  const parsed = parseMappings([...entries, ...maps.map(readMapOption)], stores);
  const mistakes = [...unread, ...parsed.mistakes];
  if (mistakes.length > 0) throw new ConfError(mistakes);
  return parsed.mappings;
}

const noMapping: Mistake = {
  origin: undefined,
  option: undefined,
  problem: '--map goes with --matching corrected only: Glance knows no mapping',
  remedy: 'leave one of the two out',
};

function readMapEntries(path: string): readonly MapEntry[] | Mistake {
  try {
    return readMapFile(readFileSync(path, 'utf8'), path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const problem = `${path}: ${describeFailure(code).problem}`;
    const remedy = 'name a file that can be read';
    return { origin: undefined, option: '--map-file', problem, remedy };
  }
}
