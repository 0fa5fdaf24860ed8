import type {
  KindUpdate,
  LockedLocation,
  MetaDataUpdate,
  Scope,
} from '../database/location-table.ts';
import type { RowChange } from '../journal/batch.ts';

/** What the locked look at a batch's rows comes to. */
export interface BatchLook {
  readonly updates: readonly MetaDataUpdate[];
  /** ids of the rows that bear the batch's text once the updates are committed */
  readonly written: readonly number[] | 'all';
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
  /**
   * how the rows are written without a look at them, as long as all of them are as planned; absent where each is to be
   * seen
   */
  readonly unseen?: UnseenWrite<Row, L>;
  /** Told once for each part of the batch: this look is what was committed. Must not throw. */
  readonly committed: (look: L) => void;
  /** Told once of a row that others kept locked through all attempts: it stays as it is. Must not throw. */
  readonly locked: (row: Row) => void;
}

/** Whether the attempt lost at COMMIT wrote this text into the row, and nobody has touched it since. */
export function isOurWork(
  text: string | null,
  now: LockedLocation | undefined,
  lostStamp: string | undefined,
): boolean {
  return lostStamp !== undefined && now?.metaData === text && now.updatedAt === lostStamp;
}

/** Rows that the server itself compares with the plan, in the statement that writes them. */
export interface UnseenWrite<Row, L extends BatchLook> {
  readonly scope: Scope;
  /** The rows, or a part of them, by kind. */
  readonly group: (rows: readonly Row[]) => readonly KindUpdate[];
  /** What a look at the rows would come to, all of them being as planned. */
  readonly look: (rows: readonly Row[]) => L;
}
