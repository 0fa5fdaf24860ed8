import { fixedBatchSize } from '../../src/backfill/batch-size.ts';
import { type Clock, realClock } from '../../src/backfill/clock.ts';
import { runUndo } from '../../src/backfill/undo.ts';
import type { LocationTable } from '../../src/database/location-table.ts';
import { createJournal } from '../../src/journal/journal-file.ts';
import { type Journal, lazyJournal, noJournal } from '../../src/journal/journal.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { rowsToUndo } from '../../src/journal/undo-rows.ts';
import { noThrottle } from './no-throttle.ts';

/** An undo by the real loop; a test states only what matters to it. */
export interface UndoRunOptions {
  readonly mode?: 'dry-run' | 'apply';
  /** rows */
  readonly batchSize?: number;
  readonly journal?: Journal;
  readonly clock?: Clock;
}

/** What an undo came to. */
export interface UndoResult {
  readonly restored: number;
  /** reasons by id, lowest first */
  readonly leftAlone: readonly (readonly [id: number, reason: string])[];
}

/** Undoes a journal as the command does, without its checks and reports. */
export async function undoOn(
  table: LocationTable,
  path: string,
  options: UndoRunOptions = {},
): Promise<UndoResult> {
  let restored = 0;
  const leftAlone: [id: number, reason: string][] = [];
  await runUndo({
    table,
    mode: options.mode ?? 'apply',
    rows: readRows(path),
    batchSize: fixedBatchSize(options.batchSize ?? 1000),
    writers: 2,
    stop: new AbortController().signal,
    retry: {
      clock: options.clock ?? realClock,
      observer: {
        retrying: () => undefined,
        troubled: () => undefined,
        troubleOver: () => undefined,
      },
    },
    throttle: noThrottle,
    journal: options.journal ?? noJournal,
    observer: {
      restored: () => (restored += 1),
      leftAlone: ({ row, reason }) => leftAlone.push([row.id, reason]),
    },
  });
  await options.journal?.close();
  return { restored, leftAlone: leftAlone.sort(([a], [b]) => a - b) };
}

async function* readRows(path: string) {
  for await (const part of readJournal(path)) if (part.kind === 'batch') yield rowsToUndo(part);
}

/** A journal that is made at this path when the first batch comes. */
export function journalAt(path: string): Journal {
  return lazyJournal(() =>
    createJournal(
      { kind: 'file', path },
      {
        version: '1.0.0',
        startedAt: new Date().toISOString(),
        run: 'a run of the tests',
        database: { dialect: 'sqlite', server: 'SQLite 3', name: 'glance', landmarks: [] },
        confFingerprint: '0'.repeat(64),
        stores: ['fast'],
        undoes: null,
      },
    ),
  );
}
