import type { LocationTable } from '../database/location-table.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournaledRow } from '../journal/undo-rows.ts';
import type { BatchSize } from './batch-size.ts';
import { type BatchLook, type BatchWriter, createBatchWriter } from './batch-writer.ts';
import { createBatches } from './batches.ts';
import { type Retry, retryTransient } from './retry.ts';
import type { Throttle } from './throttle.ts';
import { judgeRows, needsLock, type RowFinding, type RowLeftAlone } from './undo-findings.ts';

/** What the undo tells while it goes on. Must not throw. */
export interface UndoObserver {
  /** one more row has, or in a dry run would have, its former text again */
  restored(): void;
  leftAlone(finding: RowLeftAlone): void;
}

export interface Undo {
  readonly table: LocationTable;
  readonly mode: 'dry-run' | 'apply';
  /** the journal's rows, piece by piece */
  readonly rows: AsyncIterable<readonly JournaledRow[]>;
  readonly batchSize: BatchSize;
  readonly writers: number;
  /** aborted: no new batch is begun, those under way are finished */
  readonly stop: AbortSignal;
  readonly retry: Retry;
  /** what to wait for before each batch */
  readonly throttle: Throttle;
  /** the undo's own journal, not the one it undoes */
  readonly journal: Journal;
  readonly observer: UndoObserver;
}

/**
 * Puts back the text of the rows that a run wrote and that nobody has touched since, as seen under lock.
 * A dry run takes the same decisions without locks and writes nothing.
 *
 * @throws DatabaseError when the database fails for good, JournalError when either journal does;
 *   batches under way have ended by then
 */
export async function runUndo(run: Undo): Promise<void> {
  const writer = createBatchWriter(run);
  const batches = createBatches<JournaledRow>(run, (rows) => undoBatch(run, writer, rows));
  try {
    for await (const rows of run.rows) {
      if (run.stop.aborted) break;
      await batches.add(rows);
    }
    await batches.flush();
  } finally {
    await batches.drain();
  }
}

/** Decides without locks; what is to be put back is journaled, decided again under lock, and written. */
async function undoBatch(
  { table, mode, retry, observer }: Undo,
  writer: BatchWriter,
  rows: readonly JournaledRow[],
): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const found = await retryTransient(() => table.readRows(ids), retry);
  const findings = judgeRows(rows, found, undefined);
  const isPlanned = (finding: RowFinding): boolean => mode === 'apply' && needsLock(finding);
  tell(
    observer,
    findings.filter((finding) => !isPlanned(finding)),
  );
  const planned = findings.filter(isPlanned).map(({ row }) => row);
  if (planned.length === 0) return;
  await writer.write<UndoLook>({
    rows: planned.map((row) => ({ id: row.id, old: row.new, new: row.old })),
    look: (locked, lostStamp) => lookAt(judgeRows(planned, locked, lostStamp)),
    committed(look) {
      tell(observer, look.findings);
    },
  });
}

interface UndoLook extends BatchLook {
  readonly findings: readonly RowFinding[];
}

function lookAt(findings: readonly RowFinding[]): UndoLook {
  return {
    findings,
    updates: findings.flatMap(({ kind, row }) =>
      kind === 'restore' ? [{ id: row.id, metaData: row.old }] : [],
    ),
    written: findings.flatMap(({ kind, row }) => (kind === 'left-alone' ? [] : [row.id])),
  };
}

function tell(observer: UndoObserver, findings: readonly RowFinding[]): void {
  for (const finding of findings) {
    if (finding.kind === 'left-alone') observer.leftAlone(finding);
    else observer.restored();
  }
}
