import type { IniEntry, IniFile } from './ini.ts';
import type { Origin } from './mistake.ts';

/** A name an option goes by in the files. */
export interface SettingName {
  readonly group: string;
  readonly name: string;
}

/** The assignments of an option that count, and where the last of them stands. */
export interface Setting {
  readonly texts: readonly string[];
  readonly origin: Origin;
}

/** The assignments of one file by name; see `settingKey`. */
interface FileSettings {
  readonly file: string;
  readonly entries: ReadonlyMap<string, readonly IniEntry[]>;
}

/**
 * Makes a look-up over parsed files, the later ones of which override the earlier
 * (oslo_config/cfg.py, `_get_file_value`).
 *
 * `names` holds the current name first, then the deprecated ones. One file is asked for all of them before the
 * next: a deprecated name in the last file beats the current one in the first.
 */
export function indexSettings(
  files: readonly IniFile[],
): (names: readonly SettingName[], counts: 'last' | 'all') => Setting | undefined {
  const latestFirst = files.map(indexFile).reverse();
  return (names, counts) => {
    const keys = names.map(settingKey);
    const found = latestFirst.flatMap(({ file, entries }) =>
      keys.flatMap((key) => {
        const assignments = entries.get(key);
        return assignments === undefined ? [] : [{ file, assignments }];
      }),
    );
    const [first] = found;
    const last = first?.assignments.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const counting =
      counts === 'last' ? [last] : found.reverse().flatMap(({ assignments }) => assignments);
    return {
      texts: counting.map(({ value }) => value),
      origin: { kind: 'file', file: first.file, line: last.line },
    };
  };
}

function indexFile({ file, entries }: IniFile): FileSettings {
  const byKey = new Map<string, IniEntry[]>();
  for (const entry of entries) {
    const key = settingKey({ group: entry.section, name: entry.key });
    const sameKey = byKey.get(key);
    if (sameKey === undefined) byKey.set(key, [entry]);
    else sameKey.push(entry);
  }
  return { file, entries: byKey };
}

/** A line break stands in neither part. */
function settingKey({ group, name }: SettingName): string {
  return `${foldGroup(group)}\n${name}`;
}

/** What names of sections are compared by: they fold case, but `[default]` is not `[DEFAULT]`. */
export function foldGroup(group: string): string {
  return group === 'DEFAULT' ? group : group.toLowerCase();
}
