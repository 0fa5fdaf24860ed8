import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../errors.ts';

/**
 * Refuses, before anything is done, a file that could not be written in the end, or that no earlier run wrote.
 *
 * @param start what the file begins with if an earlier run wrote it
 * @throws UsageError that names the option
 */
export function checkPlace(option: string, given: string, start: string): void {
  const path = followLink(option, given);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) {
    throw new UsageError(`${option} ${path}: it is a directory; name a file`);
  }
  checkDirectory(option, path);
  if (found?.isFile() === true && found.size > 0 && !beginsWith(path, start)) {
    const why = 'there is a file of this name that no earlier run wrote';
    throw new UsageError(`${option} ${path}: ${why}; name another`);
  }
}

function checkDirectory(option: string, path: string): void {
  const directory = dirname(path);
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const why = `there is no directory ${directory}`;
    throw new UsageError(`${option} ${path}: ${why}; make it, or name a file in another`);
  }
  try {
    accessSync(directory, constants.W_OK);
  } catch {
    const why = 'the directory cannot be written to';
    throw new UsageError(`${option} ${path}: ${why}; name a file in another`);
  }
}

function beginsWith(path: string, start: string): boolean {
  const file = openSync(path, 'r');
  try {
    const begin = Buffer.alloc(Buffer.byteLength(start));
    readSync(file, begin, 0, begin.length, 0);
    return begin.toString('utf8') === start;
  } finally {
    closeSync(file);
  }
}

/**
 * The file that a path means: a symbolic link stays, and what it points to is written, be it still to be made.
 *
 * @throws UsageError for links that go in a circle
 */
export function followLink(option: string, path: string, links = 0): string {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (!isLink) return path;
  if (links >= mostLinks)
    throw new UsageError(`${option} ${path}: its symbolic links go in a circle; name another file`);
  return followLink(option, resolve(realpathSync(dirname(path)), readlinkSync(path)), links + 1);
}

/** As many links in a row as Linux follows. */
const mostLinks = 40;
