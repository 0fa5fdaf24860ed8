import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { explainRefusal, isSystemError, JournalError } from './errors.ts';
import { isJournalName } from './journal-place.ts';
import { readJournal } from './read-journal.ts';

/**
 * Deletes the oldest journals of a directory. Only files that this program named and that begin
 * with its header count and go; all else stays, as does a journal under a name the operator gave it.
 * The journal of the run itself is among the newest, so that `keep` should be 1 or more.
 *
 * @param keep how many of the newest stay
 * @returns the paths deleted, oldest first
 * @throws JournalError `failed` when the directory cannot be read, or a journal cannot be deleted
 */
export async function pruneJournals(directory: string, keep: number): Promise<readonly string[]> {
  const journals = await listJournals(directory);
  const surplus = journals.slice(0, Math.max(0, journals.length - keep));
  for (const path of surplus) {
    const what = `journal ${path} cannot be deleted`;
    // Another run may prune at the same time.
    await explainRefusal({ kind: 'failed', what }, () => rm(path, { force: true }));
  }
  return surplus;
}

/** Oldest first, as their names sort. */
async function listJournals(directory: string): Promise<readonly string[]> {
  const names = (await listFiles(directory)).filter(isJournalName).sort();
  const journals: string[] = [];
  for (const name of names) {
    const path = join(directory, name);
    if (await hasHeader(path)) journals.push(path);
  }
  return journals;
}

function listFiles(directory: string): Promise<readonly string[]> {
  const what = `journal directory ${directory} cannot be read`;
  return explainRefusal({ kind: 'failed', what }, async () => {
    try {
      const entries = await readdir(directory, { withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    }
  });
}

async function hasHeader(path: string): Promise<boolean> {
  try {
    for await (const first of readJournal(path)) return first.kind === 'header';
    return false;
  } catch (error) {
    if (error instanceof JournalError) return false;
    throw error;
  }
}
