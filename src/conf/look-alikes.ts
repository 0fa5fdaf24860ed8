import type { IniEntry, IniFile } from './ini.ts';
import type { Origin } from './mistake.ts';
import { foldGroup } from './settings.ts';

/** An assignment that is taken for another option than was perhaps meant. */
export interface LookAlike {
  /** as written */
  readonly section: string;
  readonly name: string;
  readonly origin: Origin;
}

/** Letters that a mistyped name may have wrong, too many or too few. */
const mostTypos = 2;

/**
 * Finds what an operator may have meant for an option that is set nowhere: the same name in another section, or nearly
 * the same one. In the order of the files.
 */
export function findLookAlikes(files: readonly IniFile[], name: string): readonly LookAlike[] {
  return files.flatMap(({ file, entries }) =>
    entries.filter(({ key }) => isNearly(key, name)).map((entry) => toLookAlike(file, entry)),
  );
}

/** A look-alike, and the name that was perhaps meant. */
export interface Mistyped extends LookAlike {
  readonly meant: string;
}

/** Finds the assignments of a section whose name is none of `names` but nearly one of them. In the order of the files. */
export function findMistyped(
  files: readonly IniFile[],
  group: string,
  names: readonly string[],
): readonly Mistyped[] {
  const folded = foldGroup(group);
  return files.flatMap(({ file, entries }) =>
    entries
      .filter(({ section, key }) => foldGroup(section) === folded && !names.includes(key))
      .flatMap((entry) => {
        const meant = names.find((name) => isNearly(entry.key, name));
        return meant === undefined ? [] : [{ ...toLookAlike(file, entry), meant }];
      }),
  );
}

function toLookAlike(file: string, { section, key, line }: IniEntry): LookAlike {
  return { section, name: key, origin: { kind: 'file', file, line } };
}

function isNearly(key: string, name: string): boolean {
  return countTypos(fold(key), name) <= mostTypos;
}

/** oslo.config folds neither, so that these are mistakes, too. */
function fold(key: string): string {
  return key.toLowerCase().replaceAll('-', '_');
}

/** Levenshtein's distance: letters to change, add or leave out. */
function countTypos(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > mostTypos) return Infinity;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of Array.from(one).entries()) {
    const next = [at + 1];
    for (const [index, wanted] of Array.from(other).entries()) {
      const replaced = (row[index] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
