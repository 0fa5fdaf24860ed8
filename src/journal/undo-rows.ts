import type { LockedLocation } from '../database/location-table.ts';
import type { JournalBatch } from './pairing.ts';

/** A row that a journal's run wrote, or may have written. */
export interface JournaledRow {
  readonly id: number;
  /** `meta_data` before the run */
  readonly old: string | null;
  /** `meta_data` as the run wrote it */
  readonly new: string | null;
  /** what the run wrote into `updated_at`: UTC, `YYYY-MM-DD HH:MM:SS` */
  readonly updatedAt: string;
  /** `unknown` when the run ended before it could say whether it had written the row */
  readonly outcome: 'written' | 'unknown';
}

/** A row as it stands under lock: a fraction of a second in `updatedAt` shows that Glance wrote it. */
export type CurrentRow = Omit<LockedLocation, 'imageId' | 'value'>;

/** Why a row stays as it is. */
export type LeftAloneReason =
  | 'removed since'
  | 'deleted since'
  | 'changed since'
  | 'saved again since, with the same meta_data'
  | 'holds its old meta_data already'
  | 'not written, or put back already';

/** What undo does with a row. */
export type UndoDecision =
  | { readonly kind: 'restore'; readonly row: JournaledRow }
  | { readonly kind: 'left-alone'; readonly row: JournaledRow; readonly reason: LeftAloneReason };

/** The rows of a batch that are undo's business: not those it is known not to have written. */
export function rowsToUndo({ plan, written }: JournalBatch): readonly JournaledRow[] {
  if (written === 'none') return [];
  const only = typeof written === 'string' ? undefined : new Set(written);
  return plan.changes.flatMap(({ ids, ...texts }) =>
    ids
      .filter((id) => only?.has(id) ?? true)
      .map((id) => ({
        id,
        ...texts,
        updatedAt: plan.updatedAt,
        outcome: written === 'unknown' ? 'unknown' : 'written',
      })),
  );
}

/**
 * Decides what undo does with rows of a journal, one decision each, in their order.
 * A row is put back only if nobody has touched it since: our text, our `updated_at`, still not deleted.
 *
 * @param locked those of the rows that still exist
 */
export function decideUndo(
  rows: readonly JournaledRow[],
  locked: readonly CurrentRow[],
): readonly UndoDecision[] {
  const byId = new Map(locked.map((row) => [row.id, row]));
  return rows.map((row) => {
    const reason = reasonToLeave(row, byId.get(row.id));
    return reason === undefined ? { kind: 'restore', row } : { kind: 'left-alone', row, reason };
  });
}

/** @returns undefined for a row to put back */
function reasonToLeave(
  row: JournaledRow,
  now: CurrentRow | undefined,
): LeftAloneReason | undefined {
  if (now === undefined) return 'removed since';
  if (now.metaData === row.old) {
    return row.outcome === 'written'
      ? 'holds its old meta_data already'
      : 'not written, or put back already';
  }
  const untouched = now.updatedAt === row.updatedAt;
  if (isDeleted(now, untouched)) return 'deleted since';
  if (now.metaData !== row.new) return 'changed since';
  return untouched ? undefined : 'saved again since, with the same meta_data';
}

/**
 * Glance sets `updated_at` whenever it deletes a location (glance/db/sqlalchemy/api.py, `_image_location_delete`).
 * So a row that waits for the scrubber under our `updated_at` was waiting when the run wrote it (or, on MySQL,
 * which keeps whole seconds, has been deleted in that very second).
 */
function isDeleted({ status, deleted }: CurrentRow, untouched: boolean): boolean {
  const waitsForScrubber = status === 'pending_delete' && untouched;
  return !waitsForScrubber && (deleted || status !== 'active');
}
