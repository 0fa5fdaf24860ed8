import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AppendQueue, createAppendQueue } from './append-queue.ts';
import { type JournalHeader, renderEntry } from './entries.ts';
import { explainRefusal, isSystemError } from './errors.ts';
import type { Journal } from './journal.ts';
import { existsAlready, type JournalPlace, placeJournal } from './journal-place.ts';

/**
 * Makes a journal that only its owner can read, and writes its header.
 *
 * @throws JournalError `refused` when the file exists already, `failed` when the disk does not take it
 */
export async function createJournal(place: JournalPlace, header: JournalHeader): Promise<Journal> {
  const firstLine = renderEntry({ kind: 'header', header });
  const path = await placeJournal(place, header.startedAt);
  const file = await openNew(path);
  const queue = createAppendQueue(file, path);
  try {
    await queue.append(firstLine, 'written');
    await syncDirectory(dirname(path));
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
  return journalOver({ path, file, queue });
}

interface OpenFile {
  readonly path: string;
  readonly file: FileHandle;
  readonly queue: AppendQueue;
}

function journalOver({ path, file, queue }: OpenFile): Journal {
  return {
    path: () => path,
    plan: async (plan) => queue.append(renderEntry({ kind: 'plan', plan }), 'durable'),
    outcome: async (outcome) => queue.append(renderEntry({ kind: 'outcome', outcome }), 'written'),
    async close() {
      const at = new Date().toISOString();
      try {
        await queue.append(renderEntry({ kind: 'finished', at }), 'durable');
      } finally {
        await file.close();
      }
    },
  };
}

function openNew(path: string): Promise<FileHandle> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL } = constants;
  const what = `journal ${path} cannot be made`;
  return explainRefusal({ kind: 'failed', what }, async () => {
    try {
      return await open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, 0o600);
    } catch (error) {
      throw isSystemError(error, 'EEXIST') ? existsAlready(path, error) : error;
    }
  });
}

/** Answers of file systems that know no sync of a directory, or of a directory we may write but not read. */
const noDirectorySync = ['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM'];

/** Without this a loss of power may take the file's name, and so the file. */
async function syncDirectory(path: string): Promise<void> {
  const what = `journal directory ${path} cannot be synced`;
  await explainRefusal({ kind: 'failed', what }, async () => {
    try {
      await syncNow(path);
    } catch (error) {
      if (!isSystemError(error, ...noDirectorySync)) throw error;
    }
  });
}

async function syncNow(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
