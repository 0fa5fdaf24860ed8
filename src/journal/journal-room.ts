import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { explainRefusal, isSystemError, JournalError } from './errors.ts';
import { elsewhere, type JournalPlace } from './journal-place.ts';

/** What the system tells of a file system: blocks of so many bytes, in all and free. */
export interface FileSystemSize {
  readonly bsize: number;
  readonly blocks: number;
  readonly bavail: number;
}

/** Bytes that are to be free: the journal of a million rows seldom takes more. */
const roomWanted = 16 * 1024 * 1024;

/**
 * Finds out, before anything is done, whether a journal can be made in its place and has room there. Makes nothing.
 *
 * @throws JournalError `failed` when it cannot, or hardly any room is left
 */
export async function checkJournalRoom(place: JournalPlace): Promise<void> {
  const directory = resolve(place.kind === 'file' ? dirname(place.path) : place.path);
  const what = `journal directory ${directory} cannot be made`;
  const existing = await explainRefusal({ kind: 'failed', what, remedy: elsewhere }, () =>
    findExisting(directory),
  );
  const means = existing === directory ? 'be written to' : 'be made';
  const refusal = {
    kind: 'failed',
    what: `journal directory ${directory} cannot ${means}`,
    remedy: elsewhere,
  } as const;
  await explainRefusal(refusal, () => access(existing, constants.W_OK | constants.X_OK));
  const lack = findLack(directory, await explainRefusal(refusal, () => statfs(existing)));
  if (lack !== undefined) throw lack;
}

/** What to say of a directory on a file system of this size; undefined where there is room, or nobody counts it. */
export function findLack(
  directory: string,
  { bsize, blocks, bavail }: FileSystemSize,
): JournalError | undefined {
  const free = bsize * bavail;
  if (blocks === 0 || free >= roomWanted) return undefined;
  const mebibytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024);
  return new JournalError(
    'failed',
    `journal directory ${directory}: only ${mebibytes(free)} MiB are free where a journal may take ` +
      `${mebibytes(roomWanted)}; free some, or ${elsewhere}`,
  );
}

/** The directory itself, or the nearest above it that is there. */
async function findExisting(directory: string): Promise<string> {
  try {
    if ((await stat(directory)).isDirectory()) return directory;
    throw new JournalError('failed', `${directory} is no directory; name one with --journal`);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT') || dirname(directory) === directory) throw error;
    return findExisting(dirname(directory));
  }
}
