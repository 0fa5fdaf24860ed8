import type { Scope } from '../database/location-table.ts';
import { type Decision, isRewrite } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import type { FindUrlKind } from '../locations/url-kinds.ts';
import {
  type RewriteOfKind,
  countKinds,
  groupByKind,
  splitBatch,
  toPlanned,
} from './kind-rewrites.ts';
import type { BackfillObserver } from './backfill-observer.ts';
import type { BatchJob } from './batch-job.ts';
import { type BatchWriter, lockedAllTheWhile } from './batch-writer.ts';
import type { Quota } from './quota.ts';
import type { PlannedRewrite } from './decided-row.ts';
import { settle, settleUnseen, type Settlement } from './settle.ts';

/** What the rounds of a batch go by. */
export interface BatchRounds {
  readonly scope: Scope;
  readonly decide: (location: ImageLocation) => Decision;
  readonly findUrlKind: FindUrlKind;
  readonly quota: Quota;
  /** told of every row whose outcome is final */
  readonly observer: BackfillObserver;
}

/** How often a row that others keep changing is planned before the run lets it be. */
const rounds = 5;

/** A row of a batch: it was read, or its kind says all of it. */
export type BatchRow = PlannedRewrite | RewriteOfKind;

/**
 * Writes one batch and reports its rows. Those that changed meanwhile get a plan and a transaction of their own.
 *
 * @returns the rows that were left as they are, since the run is to end
 */
export async function writeBatch(
  run: BatchRounds,
  writer: BatchWriter,
  batch: readonly BatchRow[],
): Promise<readonly BatchRow[]> {
  const { ofKinds, others } = splitBatch(batch, run.findUrlKind);
  const changed: PlannedRewrite[] = [];
  const seen = jobOf(run, changed);
  const left: BatchRow[] = [
    ...(await writeRows(writer, ofKinds, unseenJobOf(run, seen))),
    ...(await writeRows(writer, others, seen)),
  ];
  for (let round = 2; changed.length > 0 && round <= rounds; round++) {
    left.push(...(await writeRows(writer, changed.splice(0), seen)));
  }
  for (const { location } of changed) {
    tell(run, location, { kind: 'conflicted', reason: 'keeps changing' });
  }
  return left;
}

/** @returns the rows that were left as they are, since the run is to end */
async function writeRows<Row extends BatchRow>(
  writer: BatchWriter,
  rows: readonly Row[],
  job: BatchJob<Row, Settlement>,
): Promise<readonly Row[]> {
  return rows.length === 0 ? [] : writer.write(rows, job);
}

/** What is done with rows, each of which is seen under lock. @param changed takes those that are to be planned anew */
function jobOf(run: BatchRounds, changed: PlannedRewrite[]): BatchJob<PlannedRewrite, Settlement> {
  const { scope, decide } = run;
  return {
    change: ({ location, decision }) => ({
      id: location.id,
      old: location.metaData,
      new: decision.metaData,
    }),
    look: (part, locked, lostStamp) => settle(part, locked, { scope, decide, lostStamp }),
    committed(look) {
      for (const { location, decision } of look.settled) tell(run, location, decision);
      tellOfUnseen(run, look.unseen);
      changed.push(...look.changed);
    },
    locked({ location }) {
      tell(run, location, { kind: 'conflicted', reason: lockedAllTheWhile });
    },
  };
}

/** The same for rows of kinds, which are only seen when one of them is no longer as planned. */
function unseenJobOf(
  { scope }: BatchRounds,
  job: BatchJob<PlannedRewrite, Settlement>,
): BatchJob<RewriteOfKind, Settlement> {
  return {
    ...job,
    change: ({ id, kind }) => ({ id, old: kind.metaData, new: kind.decision.metaData }),
    look: (part, locked, lostStamp) => job.look(part.map(toPlanned), locked, lostStamp),
    locked: (row) => {
      job.locked(toPlanned(row));
    },
    unseen: { scope, group: groupByKind, look: settleUnseen },
  };
}

/** Reports rows that were written as planned. */
function tellOfUnseen({ observer }: BatchRounds, rows: readonly RewriteOfKind[]): void {
  const isToBeShown = ({ kind }: RewriteOfKind) => observer.isToBeShown(kind.decision);
  for (const { location, decision } of rows.filter(isToBeShown).map(toPlanned)) {
    observer.settled(location, decision);
  }
  const counted = countKinds(rows.filter((row) => !isToBeShown(row)));
  for (const { kind, count } of counted) observer.counted(kind, count);
}

/** Reports a planned row; one that was not written in the end leaves its place to another. */
function tell({ quota, observer }: BatchRounds, location: ImageLocation, decision: Decision): void {
  if (!isRewrite(decision)) quota.giveBack(1);
  observer.settled(location, decision);
}
