import { DatabaseError } from '../database/errors.ts';
import type { LocationTable } from '../database/location-table.ts';
import { plannedIds } from '../journal/batch.ts';
import type { BatchPlan } from '../journal/entries.ts';
import type { BatchJob, BatchLook } from './batch-job.ts';
import type { BatchSize } from './batch-size.ts';
import type { Failures } from './remedy.ts';
import { beginEffort, isInDoubt, type RetryOptions } from './retry.ts';

/** What a plan is tried with. */
export interface AttemptOptions extends RetryOptions {
  readonly table: LocationTable;
  /** told how long the batch took, and when it should have been smaller */
  readonly batchSize: BatchSize;
}

/** A batch whose plan is in the journal. */
export interface PlannedBatch<Row, L extends BatchLook> {
  readonly plan: BatchPlan;
  readonly updatedAt: Date;
  readonly rows: readonly Row[];
  readonly job: BatchJob<Row, L>;
}

/** What trying a plan came to. Only of `unknown` it may be that the rows were written and nobody knows. */
export type PlanEnd<L extends BatchLook> =
  | { readonly kind: 'committed'; readonly look: L }
  | { readonly kind: 'too-large'; readonly failures: Failures }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'locked'; readonly error: DatabaseError }
  | { readonly kind: 'failed' | 'unknown'; readonly error: unknown };

/** Tries again and again while it fails in ways that pass. */
export async function tryPlan<Row, L extends BatchLook>(
  planned: PlannedBatch<Row, L>,
  before: Failures,
  options: AttemptOptions,
): Promise<PlanEnd<L>> {
  const effort = beginEffort(options, before);
  let lostStamp: string | undefined;
  for (;;) {
    try {
      const look = await attempt(planned, lostStamp, options);
      effort.over();
      return { kind: 'committed', look };
    } catch (error) {
      if (isInDoubt(error)) lostStamp = planned.plan.updatedAt;
      const isLostOnce = lostStamp !== undefined;
      const recovery = await effort.recover(error);
      if (recovery.kind === 'smaller') options.batchSize.rolledBack(planned.rows.length);
      switch (recovery.kind) {
        case 'hopeless':
          if (!isLostOnce && isContended(recovery.error) && planned.rows.length === 1) {
            effort.over();
            return { kind: 'locked', error: recovery.error };
          }
          effort.giveUp();
          return { kind: isLostOnce ? 'unknown' : 'failed', error: recovery.error };
        case 'stopped':
          effort.giveUp();
          return isLostOnce ? { kind: 'unknown', error: recovery.error } : { kind: 'stopped' };
        case 'smaller':
          // What a lost COMMIT may have written is settled by the plan that it belongs to.
          if (!isLostOnce && planned.rows.length > 1) {
            effort.over();
            return { kind: 'too-large', failures: recovery.failures };
          }
          break;
        case 'again':
          break;
      }
    }
  }
}

async function attempt<Row, L extends BatchLook>(
  planned: PlannedBatch<Row, L>,
  lostStamp: string | undefined,
  { table, batchSize }: AttemptOptions,
): Promise<L> {
  const startedAt = performance.now();
  // What a lost COMMIT has written is no longer as planned.
  const unseen = lostStamp === undefined ? await writeUnseen(planned, table) : undefined;
  const look = unseen ?? (await lookAndWrite(planned, lostStamp, table));
  batchSize.committed(planned.rows.length, performance.now() - startedAt);
  return look;
}

/** @returns undefined when nothing was written, since a row is not as planned, or is to be seen in any case */
async function writeUnseen<Row, L extends BatchLook>(
  { updatedAt, rows, job: { unseen } }: PlannedBatch<Row, L>,
  table: LocationTable,
): Promise<L | undefined> {
  if (unseen === undefined) return undefined;
  const isWritten = await table.rewriteKinds(unseen.scope, unseen.group(rows), updatedAt);
  return isWritten ? unseen.look(rows) : undefined;
}

async function lookAndWrite<Row, L extends BatchLook>(
  { plan, updatedAt, rows, job }: PlannedBatch<Row, L>,
  lostStamp: string | undefined,
  table: LocationTable,
): Promise<L> {
  let look: L | undefined;
  await table.rewrite(plannedIds(plan), updatedAt, (locked) => {
    look = job.look(rows, locked, lostStamp);
    return look.updates;
  });
  if (look === undefined) throw new Error('a batch was committed without a look at its rows');
  return look;
}

function isContended(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.kind === 'contended';
}
