import type { Mistake } from '../conf/mistake.ts';
import type { FileText } from '../conf/named-files.ts';
import {
  type ConfigSections,
  type ConfigValue,
  interpolate,
  parseConfigSections,
} from './configparser.ts';

/** One account of a Swift reference file: a section that has all that Glance asks of it. */
export interface SwiftReference {
  readonly authAddress: string;
  /** undefined where an application credential stands for user and key */
  readonly user: string | undefined;
}

/** What Glance makes of Swift reference files read one after the other. */
export interface SwiftReferences {
  readonly byName: ReadonlyMap<string, SwiftReference>;
  /** what keeps glance-api from starting */
  readonly mistakes: readonly Mistake[];
}

type Section = ReadonlyMap<string, ConfigValue & { readonly file: string }>;

const password = ['auth_address', 'user', 'key'];
const applicationCredential = [
  'auth_address',
  'application_credential_id',
  'application_credential_secret',
];
const optional = [
  'project_domain_name',
  'project_domain_id',
  'user_domain_name',
  'user_domain_id',
  'auth_version',
];

/**
 * Reads `swift_store_config_file`s (glance_store/_drivers/swift/utils.py, `_load_config`).
 *
 * Upstream keeps one parser for all stores: what an earlier store's file says stays, and a later one's overrides it.
 *
 * @param files in the order the stores are configured; those that cannot be read count for nothing
 */
export function readSwiftReferences(files: readonly FileText[]): SwiftReferences {
  const byName = new Map<string, SwiftReference>();
  const mistakes: Mistake[] = [];
  for (const [name, section] of mergeSections(files)) {
    const required = findRequired(section);
    if (required === undefined) continue;
    const keys = [...required, ...optional].filter((key) => section.has(key));
    const refused = keys.filter((key) => interpolate(section, key) === undefined);
    mistakes.push(...refused.map((key) => describePercent(name, key, section)));
    const reference = readReference(section, keys);
    if (reference !== undefined) byName.set(name, reference);
  }
  return { byName, mistakes };
}

/** @returns undefined when a quote is not closed, or a value that is needed is empty */
function readReference(section: Section, keys: readonly string[]): SwiftReference | undefined {
  const values = new Map(keys.map((key) => [key, unquoteValue(interpolate(section, key) ?? '')]));
  const isWhole = keys.every((key) => values.get(key) !== undefined);
  const needed = keys.filter((key) => !optional.includes(key));
  if (!isWhole || needed.some((key) => values.get(key) === '')) return undefined;
  return { authAddress: values.get('auth_address') ?? '', user: values.get('user') };
}

/** Why a file cannot be read, or what Python's parser says against it; undefined when there is nothing. */
export function findReferenceFault(file: FileText): string | undefined {
  if (file.kind === 'missing') return `${file.path}: ${file.why}`;
  const parse = parseConfigSections(file.text);
  return parse.kind === 'wrong' ? `${file.path}:${parse.line}: ${parse.problem}` : undefined;
}

function mergeSections(files: readonly FileText[]): Map<string, Section> {
  const merged = new Map<string, Section>();
  for (const file of files) {
    for (const [name, options] of sectionsOf(file)) {
      const placed = [...options].map(
        ([key, value]) => [key, { ...value, file: file.path }] as const,
      );
      merged.set(name, new Map([...(merged.get(name) ?? []), ...placed]));
    }
  }
  const defaults = merged.get('DEFAULT') ?? [];
  merged.delete('DEFAULT');
  return new Map([...merged].map(([name, own]) => [name, new Map([...defaults, ...own])]));
}

function sectionsOf(file: FileText): ConfigSections {
  const parse = file.kind === 'text' ? parseConfigSections(file.text) : undefined;
  return parse?.kind === 'sections' ? parse.sections : new Map();
}

/** The options that a section needs; an application credential is looked for first. */
function findRequired(section: Section): readonly string[] | undefined {
  return [applicationCredential, password].find((keys) => keys.every((key) => section.has(key)));
}

function describePercent(name: string, key: string, section: Section): Mistake {
  const { file = '', line = 0 } = section.get(key) ?? {};
  return {
    origin: { kind: 'file', file, line },
    option: `[${name}] ${key}`,
    problem: 'the value holds a percent sign that refers to no option of the section',
    remedy: 'write %% where a percent sign is meant',
  };
}

/** `_process_quotes`: a pair of quotes around the value goes. @returns undefined when the quote is not closed */
function unquoteValue(text: string): string | undefined {
  if (!/^["']/.test(text)) return text;
  return text.length > 1 && text.endsWith(text.charAt(0)) ? text.slice(1, -1) : undefined;
}
