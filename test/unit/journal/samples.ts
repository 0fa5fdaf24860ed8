import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { BatchPlan, JournalEntry, JournalHeader } from '../../../src/journal/entries.ts';
import { renderEntry } from '../../../src/journal/entries.ts';
import { type JournalPart, readJournal } from '../../../src/journal/read-journal.ts';

export const header: JournalHeader = {
  version: '1.0.0',
  startedAt: '2026-11-22T16:20:00.123Z',
  run: '6b1c9a52-0f43-4c39-9d4c-0a8f6a5f1f10',
  database: {
    ...{ dialect: 'mysql', server: 'MariaDB 10.11.19', name: 'glance' },
    landmarks: [{ id: 7, imageId: '5ca1ab1e-0000-4000-8000-000000000007' }],
  },
  confFingerprint: 'a0'.repeat(32),
  stores: ['fast', 'slow'],
  undoes: null,
};

/** A plan that labels these rows; their text was `{}`. */
export function makePlan(batch: number, ids: readonly number[]): BatchPlan {
  const updatedAt = '2026-11-22 16:20:01';
  return { batch, updatedAt, changes: [{ old: '{}', new: '{"store": "fast"}', ids }] };
}

/** A directory of the test's own, gone when the test ends. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'journal-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
  return directory;
}

/** Writes a journal of these entries, after a header, and tells its path. */
export function writeEntries(entries: readonly JournalEntry[]): string {
  return writeText([{ kind: 'header', header } as const, ...entries].map(renderEntry).join(''));
}

/** Writes a file of any content and tells its path. */
export function writeText(content: string | Uint8Array): string {
  const path = join(makeDirectory(), 'run.ndjson');
  appendFileSync(path, content);
  return path;
}

/** All parts of a journal. */
export async function readAll(path: string): Promise<JournalPart[]> {
  const parts: JournalPart[] = [];
  for await (const part of readJournal(path)) parts.push(part);
  return parts;
}
