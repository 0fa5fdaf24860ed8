import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How the real Glance was asked: the case's configuration, relative to its folder. */
export interface GoldenArgs {
  readonly configFiles: readonly string[];
  readonly configDirs: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** One store as the real glance_store configured it. */
export interface GoldenStore {
  readonly id: string;
  readonly type: string;
  readonly reserved: boolean;
  /** null when no driver of that type could be loaded */
  readonly schemes: readonly string[] | null;
  readonly urlPrefix: string | null;
  readonly error: string | null;
}

/** What one release of Glance makes of a configuration. */
export interface GoldenPrefixes {
  /** why glance-api does not start; null when it does */
  readonly startupError: string | null;
  /** what is wrong with `default_backend`; null when nothing is */
  readonly verifyStoreError: string | null;
  readonly stores: readonly GoldenStore[];
}

/** What one release of Glance did with one location on a GET. */
export interface GoldenLine {
  readonly url: string;
  readonly metaData: string | null;
  /** what `metadata["store"]` held afterwards; any JSON value */
  readonly store: unknown;
  readonly metaDataAfter: string | null;
  readonly saved: boolean;
  /** the location's URL afterwards, where Glance rewrote it */
  readonly urlAfter: string | undefined;
  /** what Glance raised; nothing was written then */
  readonly error: string | undefined;
}

/** What one release answers; `lines` is empty when it does not start. */
export interface GoldenAnswers {
  readonly prefixes: GoldenPrefixes;
  readonly lines: readonly GoldenLine[];
}

/** A configuration, and what Zed and the newest upstream make of it. */
export interface GoldenCase {
  readonly name: string;
  /** absolute path; relative names inside the configuration are relative to it */
  readonly folder: string;
  readonly args: GoldenArgs;
  readonly zed: GoldenAnswers;
  /** the same as `zed` where nothing else is recorded */
  readonly master: GoldenAnswers;
}

const root = fileURLToPath(new URL('../parity/golden/', import.meta.url));

/** Every golden configuration in test/parity/golden, by name. The golden databases are none. */
export function goldenCases(): GoldenCase[] {
  return readdirSync(root)
    .filter((name) => existsSync(join(root, name, 'args.json')))
    .sort()
    .map(loadCase);
}

function loadCase(name: string): GoldenCase {
  const folder = join(root, name);
  const zed = {
    prefixes: readPrefixes(join(folder, 'prefixes.json')),
    lines: readLines(join(folder, 'locate.jsonl')) ?? [],
  };
  const masterPrefixes = join(folder, 'prefixes.master.json');
  const master = {
    prefixes: existsSync(masterPrefixes) ? readPrefixes(masterPrefixes) : zed.prefixes,
    lines: readLines(join(folder, 'locate.master.jsonl')) ?? zed.lines,
  };
  return { name, folder, args: readArgs(join(folder, 'args.json')), zed, master };
}

function readArgs(file: string): GoldenArgs {
  const args = readJson(file) as { conf_dir?: string[]; env?: Record<string, string> };
  return {
    configFiles: ['glance-api.conf'],
    configDirs: args.conf_dir ?? [],
    environment: args.env ?? {},
  };
}

function readPrefixes(file: string): GoldenPrefixes {
  const raw = readJson(file) as {
    startup_error: string | null;
    verify_store_error: string | null;
    stores: (Omit<GoldenStore, 'urlPrefix'> & { url_prefix: string | null })[];
  };
  return {
    startupError: raw.startup_error,
    verifyStoreError: raw.verify_store_error,
    stores: raw.stores.map(({ id, type, reserved, schemes, url_prefix, error }) => ({
      id,
      type,
      reserved,
      schemes,
      urlPrefix: url_prefix,
      error,
    })),
  };
}

function readLines(file: string): GoldenLine[] | undefined {
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(parseLine);
}

function parseLine(text: string): GoldenLine {
  const raw = JSON.parse(text) as {
    url: string;
    meta_data: string | null;
    store: unknown;
    meta_data_after: string | null;
    saved: boolean;
    url_after?: string;
    error?: string;
  };
  return {
    url: raw.url,
    metaData: raw.meta_data,
    store: raw.store,
    metaDataAfter: raw.meta_data_after,
    saved: raw.saved,
    urlAfter: raw.url_after,
    error: raw.error,
  };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
