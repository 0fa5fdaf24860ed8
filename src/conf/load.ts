import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Conf, type Environment } from './conf.ts';
import {
  describeAbsence,
  describeFailure,
  describeNoFile,
  describeUnreadable,
} from './file-faults.ts';
import { configSource, registerGlanceOptions } from './glance-options.ts';
import { parseIni, type IniFile } from './ini.ts';
import { ConfError, type Mistake } from './mistake.ts';
import type { FileText, NamedFiles } from './named-files.ts';
import {
  cephConfPaths,
  configDirectories,
  defaultDirectories,
  defaultFiles,
  findFileDirectories,
  fixPath,
  type GivenPath,
  type Surroundings,
} from './search-paths.ts';

/** Where the configuration comes from. */
export interface ConfSources {
  /** in the order of the command line: it decides what overrides what */
  readonly given: readonly GivenPath[];
  readonly environment: Environment;
  readonly homeDirectory: string;
  /** what relative paths start from; the process's own by default */
  readonly workingDirectory?: string;
}

/** The configuration, and the files that its options name. */
export interface LoadedConf {
  readonly conf: Conf;
  /** full paths of the files read, in order */
  readonly configFiles: readonly string[];
  /** SHA-256 of what stands in them, in hex: tells two configurations apart without telling either */
  readonly fingerprint: string;
  readonly namedFiles: NamedFiles;
}

/** What was found on the disk, and what was wrong with it. */
interface Findings<T> {
  readonly found: readonly T[];
  readonly mistakes: readonly Mistake[];
}

/** A configuration file, as it is and as it is understood. */
interface ConfigFile {
  readonly text: string;
  readonly ini: IniFile;
}

/** The contents of a file, or the code of the error that there was instead. */
type FileReading =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly code: string };

/**
 * Reads the configuration as glance-api does: what is given, and before it the default files or directories when
 * none of that kind is given (oslo_config/cfg.py, `_parse_config_files`).
 *
 * @throws ConfError with every mistake in finding and reading the files. Those in what they say are told together, once
 *   the values are read: see `Conf.mistakes`.
 */
export function loadConf(sources: ConfSources): LoadedConf {
  const { given, environment, homeDirectory } = sources;
  const workingDirectory = sources.workingDirectory ?? process.cwd();
  const surroundings = { environment, homeDirectory, workingDirectory };
  const files = listConfigFiles(given, surroundings);
  const parsed = merge(files.found.map(parseFile));
  const absences = [...files.mistakes, ...parsed.mistakes];
  throwIfAny(
    absences,
    parsed.found.flatMap(({ ini }) => ini.mistakes),
  );

  const conf = new Conf(
    parsed.found.map(({ ini }) => ini),
    environment,
  );
  registerGlanceOptions(conf);
  throwIfAny(findFurtherSources(conf), conf.mistakes);
  return {
    conf,
    configFiles: files.found,
    fingerprint: fingerprint(parsed.found),
    namedFiles: openNamedFiles(given, surroundings),
  };
}

function fingerprint(files: readonly ConfigFile[]): string {
  const texts = JSON.stringify(files.map(({ text }) => text));
  return createHash('sha256').update(texts).digest('hex');
}

/** @param besides what is to be told together with the mistakes, but is no reason to end here */
function throwIfAny(mistakes: readonly Mistake[], besides: readonly Mistake[]): void {
  if (mistakes.length > 0) throw new ConfError([...mistakes, ...besides]);
}

function merge<T>(all: readonly Findings<T>[]): Findings<T> {
  return {
    found: all.flatMap(({ found }) => found),
    mistakes: all.flatMap(({ mistakes }) => mistakes),
  };
}

function listConfigFiles(
  given: readonly GivenPath[],
  surroundings: Surroundings,
): Findings<string> {
  const lacks = (kind: GivenPath['kind']) => !given.some((path) => path.kind === kind);
  const findings = merge([
    { found: lacks('file') ? defaultFiles(surroundings, existsSync) : [], mistakes: [] },
    ...(lacks('directory') ? defaultDirectories(surroundings, existsSync) : []).map(listDirectory),
    ...given.map(({ kind, path }) => {
      const full = fixPath(path, surroundings);
      return kind === 'file' ? { found: [full], mistakes: [] } : listDirectory(full);
    }),
  ]);
  const isNothing = given.length + findings.found.length + findings.mistakes.length === 0;
  return isNothing
    ? { found: [], mistakes: [describeNoFile(configDirectories(surroundings))] }
    : findings;
}

/** The *.conf files of a directory in the order of their names; hidden ones do not count. */
function listDirectory(directory: string): Findings<string> {
  try {
    const names = readdirSync(directory).filter((name) => /^[^.].*\.conf$/.test(name));
    return { found: names.sort().map((name) => join(directory, name)), mistakes: [] };
  } catch (error) {
    return { found: [], mistakes: [describeUnreadable(directory, codeOf(error))] };
  }
}

function parseFile(path: string): Findings<ConfigFile> {
  const reading = readFile(path, strictUtf8);
  if (reading.kind === 'unreadable') {
    return { found: [], mistakes: [describeUnreadable(path, reading.code)] };
  }
  const { text } = reading;
  return { found: [{ text, ini: parseIni(text, path) }], mistakes: [] };
}

/** oslo.config can ask servers and other files for options; what they say cannot be known here. */
function findFurtherSources(conf: Conf): Mistake[] {
  const sources = conf.get('DEFAULT', configSource) ?? [];
  if (sources.length === 0) return [];
  return [
    conf.mistake('DEFAULT', configSource, {
      problem: 'names further sources of options, which this program does not read',
      remedy: 'write their options into a file and give that with --config-file instead',
    }),
  ];
}

function openNamedFiles(given: readonly GivenPath[], surroundings: Surroundings): NamedFiles {
  const directories = findFileDirectories(given, surroundings, existsSync);
  return {
    cephConf: (value) => readCephConf(cephConfPaths(value, surroundings)),
    swiftConf: (value) => readSwiftConf(value, directories),
  };
}

/** As upstream's `find_file`: the first path that there is counts. */
function readSwiftConf(value: string, directories: readonly string[]): FileText {
  const paths = directories.map((directory) => resolve(directory, value));
  const path = paths.find((candidate) => existsSync(candidate));
  return path === undefined ? describeAbsence(paths) : asFileText(path, readFile(path, strictUtf8));
}

/** As librados: the first path that is not missing counts, be it readable or not. */
function readCephConf(paths: readonly string[]): FileText {
  for (const path of paths) {
    const reading = readFile(path, lenientUtf8);
    if (reading.kind === 'read' || reading.code !== 'ENOENT') return asFileText(path, reading);
  }
  return describeAbsence(paths);
}

function asFileText(path: string, reading: FileReading): FileText {
  return reading.kind === 'read'
    ? { kind: 'text', path, text: reading.text }
    : { kind: 'missing', path, why: describeFailure(reading.code).problem };
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientUtf8 = new TextDecoder('utf-8');

function readFile(path: string, decoder: typeof strictUtf8): FileReading {
  try {
    return { kind: 'read', text: decoder.decode(readFileSync(path)) };
  } catch (error) {
    return { kind: 'unreadable', code: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
