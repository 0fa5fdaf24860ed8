import { DatabaseError } from '../database/errors.ts';
import type {
  KindUpdate,
  LocationTable,
  LockedLocation,
  MetaDataUpdate,
  Scope,
} from '../database/location-table.ts';
import { planBatch, plannedIds, type RowChange, settleBatch } from '../journal/batch.ts';
import type { BatchPlan } from '../journal/entries.ts';
import type { Journal } from '../journal/journal.ts';
import type { BatchSize } from './batch-size.ts';
import { attempts, type Failures, noFailures } from './remedy.ts';
import { beginEffort, isInDoubt, type RetryOptions } from './retry.ts';
import type { Throttle } from './throttle.ts';

/** What the locked look at a batch's rows comes to. */
export interface BatchLook {
  readonly updates: readonly MetaDataUpdate[];
  /** ids of the rows that bear the batch's text once the updates are committed */
  readonly written: readonly number[];
}

/** What is done with rows that are written together. */
export interface BatchJob<Row, L extends BatchLook> {
  readonly change: (row: Row) => RowChange;
  /**
   * Compares the plan with the rows as they are under lock. Called once an attempt, so it must not tell anybody.
   *
   * @param lostStamp what an attempt lost at COMMIT wrote into `updated_at`, if it took; undefined when none was lost
   */
  readonly look: (
    rows: readonly Row[],
    locked: readonly LockedLocation[],
    lostStamp: string | undefined,
  ) => L;
  /** how the rows are written without a look at them, as long as all of them are as planned; undefined where each is to be seen */
  readonly unseen?: UnseenWrite<Row, L> | undefined;
  /** Told once for each part of the batch: this look is what was committed. Must not throw. */
  readonly committed: (look: L) => void;
  /** Told once of a row that others kept locked through all attempts: it stays as it is. Must not throw. */
  readonly locked: (row: Row) => void;
}

/** Rows that the server itself compares with the plan, in the statement that writes them. */
export interface UnseenWrite<Row, L extends BatchLook> {
  readonly scope: Scope;
  /** The rows, or a part of them, by kind. */
  readonly group: (rows: readonly Row[]) => readonly KindUpdate[];
  /** What a look at the rows would come to, all of them being as planned. */
  readonly look: (rows: readonly Row[]) => L;
}

/** Writes batches, each in its own transaction and into the journal before and after. */
export interface BatchWriter {
  /**
   * Writes rows in one transaction; in two halves, and so on, where that fails for taking too long or by a deadlock.
   * A single row for which that fails time and again is left as it is, but not any number of such rows.
   *
   * @returns the rows that were left as they are, since the run is to end
   * @throws DatabaseError when the database fails for good, JournalError when the journal cannot be written
   */
  write<Row, L extends BatchLook>(
    rows: readonly Row[],
    job: BatchJob<Row, L>,
  ): Promise<readonly Row[]>;
}

export interface BatchWriterOptions extends RetryOptions {
  readonly table: LocationTable;
  readonly journal: Journal;
  readonly batchSize: BatchSize;
  /** what to wait for before each part of a batch, and before each new attempt */
  readonly throttle: Throttle;
}

/** Rows that may stay locked through all attempts: with half a minute for each, a locked table must not take days. */
export const mostLockedRows = 10;

/** Why a row is left as it is that others kept locked. */
export const lockedAllTheWhile = 'locked by another transaction all the while';

/** A writer that numbers its batches from 1 up; may be used for several at a time. */
export function createBatchWriter(options: BatchWriterOptions): BatchWriter {
  const { journal, stop, throttle } = options;
  let batches = 0;
  let lockedRows = 0;

  async function write<Row, L extends BatchLook>(
    rows: readonly Row[],
    job: BatchJob<Row, L>,
    before: Failures,
  ): Promise<readonly Row[]> {
    await throttle.pass();
    if (stop.aborted) return rows;
    // One time for all attempts: it tells rows that a lost COMMIT wrote from those of others.
    const updatedAt = new Date();
    const plan = planBatch({ batch: (batches += 1), updatedAt }, rows.map(job.change));
    await journal.plan(plan);
    const end = await tryPlan({ plan, updatedAt, rows, job }, before, options);
    switch (end.kind) {
      case 'committed':
        job.committed(end.look);
        await journal.outcome(settleBatch(plan, end.look.written));
        return [];
      case 'too-large':
        await journal.outcome(settleBatch(plan, []));
        // Half as many rows are another matter: only that somebody killed the query counts for them, too.
        return writeHalves(rows, stop, (half) =>
          write(half, job, { ...noFailures, kills: end.failures.kills }),
        );
      case 'locked':
        await journal.outcome(settleBatch(plan, []));
        lockedRows += 1;
        if (lockedRows >= mostLockedRows) throw tooManyLocked(end.error);
        rows.forEach(job.locked);
        return [];
      case 'stopped':
        await journal.outcome(settleBatch(plan, []));
        return rows;
      case 'failed':
        // Why the batch failed is what the operator must hear, not that the journal lacks a note of it.
        await journal.outcome(settleBatch(plan, [])).catch(() => undefined);
        throw end.error;
      case 'unknown':
        throw end.error;
    }
  }

  return { write: (rows, job) => write(rows, job, noFailures) };
}

/** @returns the rows that were left as they are, since the run is to end */
async function writeHalves<Row>(
  rows: readonly Row[],
  stop: AbortSignal,
  write: (half: readonly Row[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const middle = Math.ceil(rows.length / 2);
  const left = await write(rows.slice(0, middle));
  const others = rows.slice(middle);
  return [...left, ...(stop.aborted ? others : await write(others))];
}

interface PlannedBatch<Row, L extends BatchLook> {
  readonly plan: BatchPlan;
  readonly updatedAt: Date;
  readonly rows: readonly Row[];
  readonly job: BatchJob<Row, L>;
}

/** What trying a plan came to. Only of `unknown` it may be that the rows were written and nobody knows. */
type PlanEnd<L extends BatchLook> =
  | { readonly kind: 'committed'; readonly look: L }
  | { readonly kind: 'too-large'; readonly failures: Failures }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'locked'; readonly error: DatabaseError }
  | { readonly kind: 'failed' | 'unknown'; readonly error: unknown };

/** Tries again and again while it fails in ways that pass. */
async function tryPlan<Row, L extends BatchLook>(
  planned: PlannedBatch<Row, L>,
  before: Failures,
  options: BatchWriterOptions,
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
      if (recovery.kind === 'smaller') options.batchSize.observe(planned.rows.length, Infinity);
      switch (recovery.kind) {
        case 'hopeless':
          if (!isLostOnce && isContended(recovery.error) && planned.rows.length === 1) {
            return { kind: 'locked', error: recovery.error };
          }
          return { kind: isLostOnce ? 'unknown' : 'failed', error: recovery.error };
        case 'stopped':
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
  { table, batchSize }: BatchWriterOptions,
): Promise<L> {
  const startedAt = performance.now();
  // What a lost COMMIT has written is no longer as planned.
  const unseen = lostStamp === undefined ? await writeUnseen(planned, table) : undefined;
  const look = unseen ?? (await lookAndWrite(planned, lostStamp, table));
  batchSize.observe(planned.rows.length, performance.now() - startedAt);
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

function tooManyLocked({ message, kind, cause }: DatabaseError): DatabaseError {
  return new DatabaseError(
    `${message}: ${mostLockedRows} rows stayed locked through ${attempts} attempts each, so the run ends here: ` +
      'find out which transaction holds them and end it, then run this again',
    kind,
    cause,
  );
}
