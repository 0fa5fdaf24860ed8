import { strip } from '../../conf/python-text.ts';
import { quoted } from '../reason-text.ts';

/** One item of `filesystem_store_datadirs`. The highest priority is used first. */
export interface Datadir {
  readonly path: string;
  readonly priority: number;
}

/** The items read, or what is wrong with them. */
export type ParsedDatadirs =
  | { readonly kind: 'datadirs'; readonly datadirs: readonly Datadir[] }
  | { readonly kind: 'wrong'; readonly why: string };

/**
 * Reads items of the form `<directory>[:<priority>]` (filesystem.py, `_get_datadir_path_and_priority` and
 * `_check_directory_paths`): without a priority it is 0; a directory may stand twice, but with one priority only.
 */
export function parseDatadirs(items: readonly string[]): ParsedDatadirs {
  const datadirs: Datadir[] = [];
  for (const item of items) {
    const colon = item.lastIndexOf(':');
    const path = strip(colon < 0 ? item : item.slice(0, colon));
    const digits = colon < 0 ? '' : strip(item.slice(colon + 1));
    if (!/^([+-]?\d+)?$/.test(digits)) return wrong(`${quoted(digits)} is no priority`);
    if (path === '') return wrong('an item names no directory');
    const priority = Number(digits);
    const twin = datadirs.find((other) => other.path === path && other.priority !== priority);
    if (twin !== undefined) return wrong(`${quoted(path)} has two priorities`);
    datadirs.push({ path, priority });
  }
  return { kind: 'datadirs', datadirs };
}

function wrong(why: string): ParsedDatadirs {
  return {
    kind: 'wrong',
    why: `filesystem_store_datadirs: ${why}; write <directory>:<whole number> items`,
  };
}
