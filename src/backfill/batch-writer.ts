import { DatabaseError } from '../database/errors.ts';
import { planBatch, settleBatch } from '../journal/batch.ts';
import type { Journal } from '../journal/journal.ts';
import { type AttemptOptions, tryPlan } from './batch-attempts.ts';
import type { BatchJob, BatchLook } from './batch-job.ts';
import { attempts, type Failures, noFailures } from './remedy.ts';
import type { Throttle } from './throttle.ts';

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

export interface BatchWriterOptions extends AttemptOptions {
  readonly journal: Journal;
  /** what to wait for before each part of a batch, and before each new attempt */
  readonly throttle: Throttle;
}

/**
 * Rows that may stay locked through all attempts, with no more batches between them than that: with half a minute for
 * each, a locked table must not take days.
 */
const mostLockedRows = 10;

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
        // A whole batch: so it is no locked table.
        if (before === noFailures) lockedRows = Math.max(0, lockedRows - 1);
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
        throw tellUnknown(end.error, rows.length);
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

/** The report counts none of these rows; the journal has them. */
function tellUnknown(error: unknown, rows: number): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const { message, kind, cause } = error;
  const advice = `of ${rows} rows it is not known whether they were written: the next run finds out, and so does undo`;
  return new DatabaseError(`${message}; ${advice}`, kind, cause);
}

function tooManyLocked({ message, kind, cause }: DatabaseError): DatabaseError {
  return new DatabaseError(
    `${message}: ${mostLockedRows} rows stayed locked through ${attempts} attempts each, so the run ends here: ` +
      'find out which transaction holds them and end it, then run this again',
    kind,
    cause,
  );
}
