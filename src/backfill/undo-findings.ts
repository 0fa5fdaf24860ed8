import type { LockedLocation } from '../database/location-table.ts';
import { decideUndo, type JournaledRow, type LeftAloneReason } from '../journal/undo-rows.ts';
import { isOurWork } from './batch-job.ts';
import type { lockedAllTheWhile } from './batch-writer.ts';

/** A row that stays as it is, and why. */
export interface RowLeftAlone {
  readonly kind: 'left-alone';
  readonly row: JournaledRow;
  /** null when the row is gone or stayed locked: a journal names no images */
  readonly imageId: string | null;
  readonly reason: LeftAloneReason | typeof lockedAllTheWhile;
}

/** What a look at a journal's row says; `restored`: an attempt lost at COMMIT has put it back. */
export type RowFinding =
  | { readonly kind: 'restore'; readonly row: JournaledRow }
  | { readonly kind: 'restored'; readonly row: JournaledRow }
  | RowLeftAlone;

/**
 * Looks at a journal's rows as they are, one finding each, in their order.
 *
 * @param found those of the rows that exist
 * @param lostStamp what an attempt lost at COMMIT wrote into `updated_at`, if it took; undefined when none was lost
 */
export function judgeRows(
  rows: readonly JournaledRow[],
  found: readonly LockedLocation[],
  lostStamp: string | undefined,
): readonly RowFinding[] {
  const byId = new Map(found.map((row) => [row.id, row]));
  return decideUndo(rows, found).map((decision) => {
    const { row } = decision;
    const now = byId.get(row.id);
    if (decision.kind === 'restore') return { kind: 'restore', row };
    if (isOurWork(row.old, now, lostStamp)) return { kind: 'restored', row };
    return { kind: 'left-alone', row, imageId: now?.imageId ?? null, reason: decision.reason };
  });
}

/**
 * Whether the row must be looked at under lock: to put it back, or since the COMMIT of a run just killed
 * may still be under way, and what it writes not yet to be seen without a lock.
 */
export function needsLock(finding: RowFinding): boolean {
  if (finding.kind !== 'left-alone') return true;
  return finding.reason === 'not written, or put back already';
}
