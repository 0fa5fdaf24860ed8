import { renderSeconds } from '../database/seconds.ts';
import type { BatchOutcome, BatchPlan, Change } from './entries.ts';

/** One row's `meta_data`, before and after. */
export interface RowChange {
  readonly id: number;
  readonly old: string | null;
  readonly new: string | null;
}

/** What a batch's rows have in common. */
export interface BatchStamp {
  /** a number of the batch's own within the journal, from 1 up */
  readonly batch: number;
  /** the time the batch writes into `updated_at`; what is below a second is cut off, as the table does */
  readonly updatedAt: Date;
}

/** The plan of a batch: its rows grouped by old and new text, in the order they come. */
export function planBatch({ batch, updatedAt }: BatchStamp, rows: readonly RowChange[]): BatchPlan {
  return { batch, updatedAt: renderSeconds(updatedAt), changes: groupChanges(rows) };
}

/**
 * The outcome of a batch, in the shortest form.
 *
 * @param written ids of the rows that now bear the plan's text; a row that got another text is none of them
 */
export function settleBatch(plan: BatchPlan, written: Iterable<number> | 'all'): BatchOutcome {
  if (written === 'all') return { batch: plan.batch, written: 'all' };
  const wanted = new Set(written);
  const planned = plannedIds(plan);
  const ids = planned.filter((id) => wanted.has(id));
  if (ids.length === 0) return { batch: plan.batch, written: 'none' };
  return { batch: plan.batch, written: ids.length === planned.length ? 'all' : ids };
}

/** Every row of a plan, in its order. */
export function plannedIds({ changes }: BatchPlan): readonly number[] {
  return new Array<number>().concat(...changes.map(({ ids }) => ids));
}

function groupChanges(rows: readonly RowChange[]): Change[] {
  const changes: Change[] = [];
  const byTexts = new Map<string | null, Map<string | null, number[]>>();
  for (const row of rows) {
    const byNew = byTexts.get(row.old) ?? new Map<string | null, number[]>();
    byTexts.set(row.old, byNew);
    const ids = byNew.get(row.new);
    if (ids !== undefined) {
      ids.push(row.id);
      continue;
    }
    const change = { old: row.old, new: row.new, ids: [row.id] };
    byNew.set(row.new, change.ids);
    changes.push(change);
  }
  return changes;
}
