import { DatabaseError } from '../database/errors.ts';
import type { LocationTable, LockedLocation, MetaDataUpdate } from '../database/location-table.ts';
import { planBatch, type RowChange, settleBatch } from '../journal/batch.ts';
import type { BatchPlan } from '../journal/entries.ts';
import type { Journal } from '../journal/journal.ts';
import type { BatchSize } from './batch-size.ts';
import { type Retry, retryTransient } from './retry.ts';

/** What the locked look at a batch's rows comes to. */
export interface BatchLook {
  readonly updates: readonly MetaDataUpdate[];
  /** ids of the rows that bear the batch's text once the updates are committed */
  readonly written: readonly number[];
}

/** Rows to change together. */
export interface Batch<L extends BatchLook> {
  readonly rows: readonly RowChange[];
  /**
   * Compares the plan with the rows as they are under lock. Called once an attempt, so it must not tell anybody.
   *
   * @param lostStamp what an attempt lost at COMMIT wrote into `updated_at`, if it took; undefined when none was lost
   */
  readonly look: (locked: readonly LockedLocation[], lostStamp: string | undefined) => L;
  /** Told once: this look is what was committed. Must not throw. */
  readonly committed: (look: L) => void;
}

/** Writes batches, each in its own transaction and into the journal before and after. */
export interface BatchWriter {
  /** @throws DatabaseError when the database fails for good, JournalError when the journal cannot be written */
  write<L extends BatchLook>(batch: Batch<L>): Promise<L>;
}

export interface BatchWriterOptions {
  readonly table: LocationTable;
  readonly journal: Journal;
  readonly retry: Retry;
  readonly batchSize: BatchSize;
}

/** A writer that numbers its batches from 1 up; may be used for several at a time. */
export function createBatchWriter(options: BatchWriterOptions): BatchWriter {
  let batches = 0;
  return {
    async write(batch) {
      // One time for all attempts: it tells rows that a lost COMMIT wrote from those of others.
      const updatedAt = new Date();
      const plan = planBatch({ batch: (batches += 1), updatedAt }, batch.rows);
      await options.journal.plan(plan);
      const look = await writePlanned({ plan, updatedAt, batch }, options);
      batch.committed(look);
      await options.journal.outcome(settleBatch(plan, look.written));
      return look;
    },
  };
}

interface PlannedBatch<L extends BatchLook> {
  readonly plan: BatchPlan;
  readonly updatedAt: Date;
  readonly batch: Batch<L>;
}

/** Tries again and again while it fails in ways that pass. */
async function writePlanned<L extends BatchLook>(
  planned: PlannedBatch<L>,
  { table, journal, retry, batchSize }: BatchWriterOptions,
): Promise<L> {
  const { plan } = planned;
  let lostStamp: string | undefined;
  try {
    return await retryTransient(async (previous) => {
      if (isLost(previous)) lostStamp = plan.updatedAt;
      const startedAt = performance.now();
      const look = await attempt(table, planned, lostStamp);
      batchSize.observe(planned.batch.rows.length, performance.now() - startedAt);
      return look;
    }, retry);
  } catch (error) {
    const isRolledBack = lostStamp === undefined && !isLost(error);
    // Why the batch failed is what the operator must hear, not that the journal lacks a note of it.
    if (isRolledBack) await journal.outcome(settleBatch(plan, [])).catch(() => undefined);
    throw error;
  }
}

async function attempt<L extends BatchLook>(
  table: LocationTable,
  { batch, updatedAt }: PlannedBatch<L>,
  lostStamp: string | undefined,
): Promise<L> {
  let look: L | undefined;
  const ids = batch.rows.map(({ id }) => id);
  await table.rewrite(ids, updatedAt, (locked) => {
    look = batch.look(locked, lostStamp);
    return look.updates;
  });
  if (look === undefined) throw new Error('a batch was committed without a look at its rows');
  return look;
}

function isLost(error: unknown): boolean {
  return error instanceof DatabaseError && error.kind === 'commit-unknown';
}
