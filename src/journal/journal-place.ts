import { mkdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { explainRefusal, isSystemError, JournalError } from './errors.ts';

/** Where a journal goes: a file that does not exist yet, or a directory that gets a file of its own name. */
export type JournalPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'directory'; readonly path: string };

/** What to do where no journal can be made. */
export const elsewhere = 'name another place with --journal';

/**
 * `$XDG_STATE_HOME/glance-store-backfill`, else `~/.local/state/glance-store-backfill`
 * (XDG Base Directory Specification; a relative path there counts as unset).
 */
export function defaultJournalDirectory(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const configured = environment['XDG_STATE_HOME'] ?? '';
  const stateHome = isAbsolute(configured) ? configured : join(home, '.local', 'state');
  return join(stateHome, 'glance-store-backfill');
}

/**
 * What the operator means by a path. It is a directory where one is there or the path ends in a slash, else a file.
 * Makes nothing, so that it can be asked before the run begins.
 *
 * @throws JournalError `refused` when something else is there, or the file's directory is not
 */
export async function findJournalPlace(path: string): Promise<JournalPlace> {
  const found = await whatIsAt(path);
  if (found === 'directory' || (found === 'nothing' && path.endsWith('/'))) {
    return { kind: 'directory', path };
  }
  if (found === 'something') throw existsAlready(path);
  if ((await whatIsAt(dirname(path))) !== 'directory') {
    const why = `its directory is not there; make it, or ${elsewhere}`;
    throw new JournalError('refused', `journal ${path} cannot be made: ${why}`);
  }
  return { kind: 'file', path };
}

/**
 * The path of a new journal. Makes the directory where it is missing, closed to other users.
 *
 * @param startedAt UTC, ISO 8601
 * @throws JournalError `failed` when the directory cannot be made
 */
export async function placeJournal(place: JournalPlace, startedAt: string): Promise<string> {
  if (place.kind === 'file') return place.path;
  const what = `journal directory ${place.path} cannot be made`;
  await explainRefusal({ kind: 'failed', what, remedy: elsewhere }, () =>
    makeDirectory(place.path),
  );
  return join(place.path, journalName(startedAt, process.pid));
}

/**
 * Makes a directory and its missing parents. Node's own way to do so never ends where a parent is there but holds no
 * directory to be made, as /proc does.
 */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (isSystemError(error, 'EEXIST') && (await stat(path)).isDirectory()) return;
    const parent = dirname(path);
    if (!isSystemError(error, 'ENOENT') || (await isThere(parent))) throw error;
    await makeDirectory(parent);
    await makeDirectory(path);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}

/** `2026-11-22T16-20-00Z-4711.ndjson`: names in the order of time, without colons for file systems that refuse them. */
export function journalName(startedAt: string, processId: number): string {
  return `${startedAt.slice(0, 19).replaceAll(':', '-')}Z-${processId}.ndjson`;
}

/** Whether a file's name is one that `journalName` gives. */
export function isJournalName(name: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-\d+\.ndjson$/.test(name);
}

/** A journal is never written over: it may be all that can undo a run. */
export function existsAlready(path: string, cause?: unknown): JournalError {
  const message = `journal ${path} exists already; name a file that does not, or a directory`;
  return new JournalError('refused', message, cause);
}

function whatIsAt(path: string): Promise<'nothing' | 'directory' | 'something'> {
  const what = `journal ${path} cannot be made`;
  return explainRefusal({ kind: 'refused', what, remedy: elsewhere }, async () => {
    try {
      return (await stat(path)).isDirectory() ? 'directory' : 'something';
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return 'nothing';
      throw error;
    }
  });
}
