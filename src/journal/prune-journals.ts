import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { explainRefusal, isSystemError, JournalError } from './errors.ts';
import { isJournalName } from './journal-place.ts';
import type { JournalHeader } from './entries.ts';
import { readHeadAndEnd } from './journal-ends.ts';
import { isSameDatabase } from './journaled-database.ts';

/**
 * Deletes the oldest journals of a directory. Only files that this program named, of runs on this database that came to
 * their end, count and go. All else stays: a journal under a name the operator gave it, another cloud's, and that of a
 * run that was killed or is still at work. Of each only the first and the last line are read. The journal of the run
 * itself is among the newest, so that `keep` should be 1 or more.
 *
 * @param keep how many of the newest stay
 * @returns the paths deleted, oldest first
 * @throws JournalError `failed` when the directory cannot be read, or a journal cannot be deleted
 */
export async function pruneJournals(
  directory: string,
  database: JournalHeader['database'],
  keep: number,
): Promise<readonly string[]> {
  const journals = await listJournals(directory, database);
  const surplus = journals.slice(0, Math.max(0, journals.length - keep));
  for (const path of surplus) {
    const what = `journal ${path} cannot be deleted`;
    // Another run may prune at the same time.
    await explainRefusal({ kind: 'failed', what }, () => rm(path, { force: true }));
  }
  return surplus;
}

/** Oldest first, as their names sort. */
async function listJournals(
  directory: string,
  database: JournalHeader['database'],
): Promise<readonly string[]> {
  const names = (await listFiles(directory)).filter(isJournalName).sort();
  const journals: string[] = [];
  for (const name of names) {
    const path = join(directory, name);
    if (await isFinished(path, database)) journals.push(path);
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

/** Whether the journal is of a run on this database that came to its end. */
async function isFinished(path: string, database: JournalHeader['database']): Promise<boolean> {
  try {
    const { header, isFinished } = await readHeadAndEnd(path);
    return isFinished && header !== undefined && isSameDatabase(header.database, database);
  } catch (error) {
    if (error instanceof JournalError) return false;
    throw error;
  }
}
