import type { LockedLocation } from '../database/location-table.ts';
import type { JournaledRow } from '../journal/undo-rows.ts';
import type { BatchLook } from './batch-job.ts';
import { type BatchWriter, createBatchWriter, lockedAllTheWhile } from './batch-writer.ts';
import { createBatches } from './batches.ts';
import type { Ending, LoopOptions } from './loop-options.ts';
import { retryTransient, unlessStopped } from './retry.ts';
import { judgeRows, needsLock, type RowFinding, type RowLeftAlone } from './undo-findings.ts';

/** What the undo tells while it goes on. Must not throw. */
export interface UndoObserver {
  /** one more row has, or in a dry run would have, its former text again */
  restored(): void;
  leftAlone(finding: RowLeftAlone): void;
}

export interface Undo extends LoopOptions {
  /** the journal's rows, piece by piece */
  readonly rows: AsyncIterable<readonly JournaledRow[]>;
  readonly observer: UndoObserver;
}

/**
 * Puts back the text of the rows that a run wrote and that nobody has touched since, as seen under lock.
 * A dry run takes the same decisions without locks and writes nothing.
 *
 * @throws DatabaseError when the database fails for good, JournalError when either journal does;
 *   batches under way have ended by then
 */
export async function runUndo(run: Undo): Promise<Ending> {
  const writer = createBatchWriter(run);
  let kind: Ending['kind'] = 'complete';
  const batches = createBatches<JournaledRow>(run, {
    textLength: (row) => (row.old?.length ?? 0) + (row.new?.length ?? 0),
    write: async (rows) => {
      if ((await undoBatch(run, writer, rows)) === 'stopped') kind = 'stopped';
    },
  });
  try {
    for await (const rows of run.rows) {
      if (run.stop.aborted) return { kind: 'stopped' };
      await batches.add(rows);
    }
    const left = await batches.finish();
    return { kind: left.length > 0 ? 'stopped' : kind };
  } finally {
    await batches.drain();
  }
}

/** Decides without locks; what is to be put back is journaled, decided again under lock, and written. */
async function undoBatch(
  run: Undo,
  writer: BatchWriter,
  rows: readonly JournaledRow[],
): Promise<Ending['kind']> {
  const { mode, observer } = run;
  const found = await readNow(run, rows);
  if (found === 'stopped') return 'stopped';
  const findings = judgeRows(rows, found, undefined);
  const isPlanned = (finding: RowFinding): boolean => mode === 'apply' && needsLock(finding);
  tell(
    observer,
    findings.filter((finding) => !isPlanned(finding)),
  );
  const planned = findings.filter(isPlanned).map(({ row }) => row);
  if (planned.length === 0) return 'complete';
  const left = await writer.write<JournaledRow, UndoLook>(planned, {
    change: (row) => ({ id: row.id, old: row.new, new: row.old }),
    look: (part, locked, lostStamp) => lookAt(judgeRows(part, locked, lostStamp)),
    committed(look) {
      tell(observer, look.findings);
    },
    locked(row) {
      observer.leftAlone({ kind: 'left-alone', row, imageId: null, reason: lockedAllTheWhile });
    },
  });
  return left.length > 0 ? 'stopped' : 'complete';
}

/** The rows as they are, read without locks; `stopped` when the run ended while the database did not answer. */
function readNow(
  { table, ...options }: Undo,
  rows: readonly JournaledRow[],
): Promise<readonly LockedLocation[] | 'stopped'> {
  const ids = rows.map(({ id }) => id);
  return unlessStopped(() => retryTransient(() => table.readRows(ids), options));
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
