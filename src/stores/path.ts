/**
 * A path as its components; the first is empty for an absolute path, no other is.
 * Repeated and trailing slashes leave no trace: the file system ignores them.
 */
export function splitPath(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return path.startsWith('/') ? ['', ...parts] : parts;
}

/** How many leading components two paths share. */
export function countShared(one: readonly string[], other: readonly string[]): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    if (one[index] !== other[index]) return index;
  }
  return length;
}

/**
 * What of a path lies below a directory; undefined when the path is not below it.
 *
 * @param directory components, compared as they stand, `..` included
 */
export function pathBelow(
  directory: readonly string[],
  path: readonly string[],
): readonly string[] | undefined {
  if (path.length <= directory.length) return undefined;
  if (countShared(directory, path) < directory.length) return undefined;
  return path.slice(directory.length);
}

/** Whether a path may lead somewhere else than its first components say. */
export function hasDotSegments(path: readonly string[]): boolean {
  return path.some((part) => part === '.' || part === '..');
}
