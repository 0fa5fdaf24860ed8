import { Conf } from '../../src/conf/conf.ts';
import { registerGlanceOptions } from '../../src/conf/glance-options.ts';
import { parseIni } from '../../src/conf/ini.ts';
import type { FileText, NamedFiles } from '../../src/conf/named-files.ts';
import type { Match, Matcher } from '../../src/locations/match.ts';
import { createMatcher } from '../../src/locations/matcher.ts';
import { type ConfiguredStores, configureStores } from '../../src/stores/enabled.ts';

/** What stands besides glance-api.conf. */
export interface Surroundings {
  /** texts of ceph.conf and Swift reference files by the option's value */
  readonly files?: Readonly<Record<string, string>>;
  readonly rbdFsids?: readonly string[];
}

export const fsid = '11111111-2222-3333-4444-555555555555';
export const cephConf = `[global]\nfsid = ${fsid}\n`;
export const imageId = '1d5f0000-aaaa-4bbb-8ccc-000000000001';

/** Configures stores from the text of a glance-api.conf, without any disk. */
export function configure(text: string, surroundings: Surroundings = {}): ConfiguredStores {
  const conf = new Conf([parseIni(text, 'glance-api.conf')], {});
  registerGlanceOptions(conf);
  return configureStores({
    conf,
    files: namedFiles(surroundings.files ?? {}),
    rbdFsids: surroundings.rbdFsids ?? [],
  });
}

/** The corrected rule over the stores of a glance-api.conf. */
export function matcherOf(text: string, surroundings?: Surroundings): Matcher {
  const { stores } = configure(text, surroundings);
  return createMatcher({ stores, matching: 'corrected', mappings: [] });
}

/** A match in a few words: the store, `a or b`, `none: <reason>`, `no URL`. */
export function inWords(match: Match): string {
  switch (match.kind) {
    case 'one':
      return match.store;
    case 'many':
      return match.stores.join(' or ');
    case 'none':
      return `none: ${match.reason}`;
    case 'not-a-url':
      return 'no URL';
  }
}

function namedFiles(files: Readonly<Record<string, string>>): NamedFiles {
  const find = (path: string): FileText => {
    const text = files[path];
    return text === undefined
      ? { kind: 'missing', path, why: 'there is no such file' }
      : { kind: 'text', path, text };
  };
  return { cephConf: find, swiftConf: find };
}
