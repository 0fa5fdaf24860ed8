import type { LocationTable, LockedLocation } from '../database/location-table.ts';
import type { Journal } from '../journal/journal.ts';
import { decideUndo, type JournaledRow, type LeftAloneReason } from '../journal/undo-rows.ts';
import type { BatchSize } from './batch-size.ts';
import { type BatchLook, type BatchWriter, createBatchWriter } from './batch-writer.ts';
import { createBatches } from './batches.ts';
import { type Retry, retryTransient } from './retry.ts';

/** A row that an undo leaves as it is, and why. */
export interface RowLeftAlone {
  readonly locationId: number;
  /** null when the row is gone: a journal does not name images */
  readonly imageId: string | null;
  readonly reason: LeftAloneReason;
}

/** What the undo tells while it goes on. Must not throw. */
export interface UndoObserver {
  /** one more row has, or in a dry run would have, its former text again */
  restored(): void;
  leftAlone(row: RowLeftAlone): void;
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
  const findings = judge(rows, found, undefined);
  if (mode === 'dry-run') {
    tell(observer, findings);
    return;
  }
  tell(
    observer,
    findings.filter(({ kind }) => kind === 'left-alone'),
  );
  const planned = findings.flatMap(({ kind, row }) => (kind === 'restore' ? [row] : []));
  if (planned.length === 0) return;
  await writer.write<UndoLook>({
    rows: planned.map((row) => ({ id: row.id, old: row.new, new: row.old })),
    look: (locked, lostStamp) => lookAt(judge(planned, locked, lostStamp)),
    committed(look) {
      tell(observer, look.findings);
    },
  });
}

/** What the look at a row says; `restored`: an attempt lost at COMMIT has put it back. */
type Finding =
  | { readonly kind: 'restore'; readonly row: JournaledRow }
  | { readonly kind: 'restored'; readonly row: JournaledRow }
  | { readonly kind: 'left-alone'; readonly row: JournaledRow; readonly left: RowLeftAlone };

interface UndoLook extends BatchLook {
  readonly findings: readonly Finding[];
}

function judge(
  rows: readonly JournaledRow[],
  found: readonly LockedLocation[],
  lostStamp: string | undefined,
): readonly Finding[] {
  const byId = new Map(found.map((row) => [row.id, row]));
  return decideUndo(rows, found).map((decision) => {
    const { row } = decision;
    const now = byId.get(row.id);
    if (decision.kind === 'restore') return { kind: 'restore', row };
    if (isOurWork(row, now, lostStamp)) return { kind: 'restored', row };
    const left = { locationId: row.id, imageId: now?.imageId ?? null, reason: decision.reason };
    return { kind: 'left-alone', row, left };
  });
}

/** Whether the attempt lost at COMMIT put the row back, and nobody has touched it since. */
function isOurWork(
  row: JournaledRow,
  now: LockedLocation | undefined,
  lostStamp: string | undefined,
): boolean {
  return lostStamp !== undefined && now?.metaData === row.old && now.updatedAt === lostStamp;
}

function lookAt(findings: readonly Finding[]): UndoLook {
  return {
    findings,
    updates: findings.flatMap((finding) =>
      finding.kind === 'restore' ? [{ id: finding.row.id, metaData: finding.row.old }] : [],
    ),
    written: findings.flatMap((finding) => (finding.kind === 'left-alone' ? [] : [finding.row.id])),
  };
}

function tell(observer: UndoObserver, findings: readonly Finding[]): void {
  for (const finding of findings) {
    if (finding.kind === 'left-alone') observer.leftAlone(finding.left);
    else observer.restored();
  }
}
