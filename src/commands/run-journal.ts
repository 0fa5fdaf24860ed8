import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Mode } from '../backfill/loop-options.ts';
import { type RetryOptions, retryTransient, unlessStopped } from '../backfill/retry.ts';
import type { LocationTable } from '../database/location-table.ts';
import { UsageError } from '../errors.ts';
import { JournalError } from '../journal/errors.ts';
import type { JournalHeader } from '../journal/entries.ts';
import type { JournaledDatabase, Landmark } from '../journal/journaled-database.ts';
import { createJournal } from '../journal/journal-file.ts';
import {
  defaultJournalDirectory,
  findJournalPlace,
  type JournalPlace,
} from '../journal/journal-place.ts';
import { checkJournalRoom } from '../journal/journal-room.ts';
import { type Journal, lazyJournal, noJournal } from '../journal/journal.ts';
import { pruneJournals } from '../journal/prune-journals.ts';
import type { BackfillOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';

/** Where a run's journal goes; `nowhere` when the run keeps none. */
export type RunJournalPlace = JournalPlace | { readonly kind: 'nowhere' };

/**
 * What `--journal` means. Makes nothing yet, so that a mistake shows before the run begins.
 *
 * @param option as written; undefined for the default directory
 * @throws JournalError `refused` for a file that exists or has no directory
 */
export async function chooseJournalPlace(option: string | undefined): Promise<RunJournalPlace> {
  if (option === 'none') return { kind: 'nowhere' };
  if (option !== undefined) return findJournalPlace(option);
  return { kind: 'directory', path: defaultJournalDirectory(process.env, homedir()) };
}

/** @throws JournalError when a journal could not be made there, or would hardly have room; makes nothing */
export async function checkRoom(place: RunJournalPlace): Promise<void> {
  if (place.kind !== 'nowhere') await checkJournalRoom(place);
}

/** @throws UsageError when there is no directory whose journals could be counted */
export function checkKeepJournals(keep: number | undefined, { kind }: RunJournalPlace): void {
  if (keep === undefined || kind === 'directory') return;
  throw new UsageError(
    '--keep-journals goes with a directory of journals, not with a file or none; name one with --journal, or leave it out',
  );
}

/** Deletes the journals that `--keep-journals` has no place for. One that cannot be deleted is worth a warning, no more. */
export async function pruneAfter(
  { keepJournals, dryRun }: Pick<BackfillOptions, 'keepJournals' | 'dryRun'>,
  place: RunJournalPlace,
  database: JournaledDatabase,
  terminal: Pick<Terminal, 'info' | 'alert'>,
): Promise<void> {
  if (keepJournals === undefined || dryRun || place.kind !== 'directory') return;
  try {
    const deleted = await pruneJournals(place.path, database, keepJournals);
    for (const path of deleted) terminal.info(`deleted journal ${path}`);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    terminal.alert(error.message);
  }
}

/** What the command knows of a run for the head of its journal. */
export type RunHeader = Pick<JournalHeader, 'database' | 'confFingerprint' | 'stores' | 'undoes'>;

/** The journal of a run; its file is made just before the first batch, a dry run keeps none. */
export function openRunJournal(place: RunJournalPlace, mode: Mode, header: RunHeader): Journal {
  if (place.kind === 'nowhere' || mode === 'dry-run') return noJournal;
  return lazyJournal(() =>
    createJournal(place, {
      version,
      startedAt: new Date().toISOString(),
      run: randomUUID(),
      ...header,
    }),
  );
}

/** Rows by which a journal knows its database again; of so many some stay for years. */
const mostLandmarks = 10;

/**
 * The database as a journal names it. Without landmarks for a dry run, which keeps no journal, and for a run that is to
 * end before it has begun.
 *
 * @throws DatabaseError when the database fails for good
 */
export async function findJournaledDatabase(
  table: LocationTable,
  mode: Mode,
  options: RetryOptions,
): Promise<JournaledDatabase> {
  const find = () => unlessStopped(() => retryTransient(() => findLandmarks(table), options));
  const landmarks = mode === 'dry-run' ? [] : await find();
  return {
    ...table.description,
    name: fullName(table),
    landmarks: landmarks === 'stopped' ? [] : landmarks,
  };
}

async function findLandmarks(table: LocationTable): Promise<readonly Landmark[]> {
  const range = { after: 0, last: await table.lastId(), limit: mostLandmarks };
  const rows = await table.readPage({ pendingDelete: false, imageIds: undefined }, range);
  return rows.map(({ id, imageId }) => ({ id, imageId }));
}

/** A SQLite file's name is its full path, wherever the next command is run. */
export function fullName({ description: { dialect, name } }: LocationTable): string {
  return dialect === 'sqlite' ? resolve(name) : name;
}
