import type { Scope } from '../database/location-table.ts';
import type { Decision } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import type { FindUrlKind } from '../locations/url-kinds.ts';
import { groupByKind, splitBatch } from './alike.ts';
import type { BatchJob } from './batch-job.ts';
import { type BatchWriter, lockedAllTheWhile } from './batch-writer.ts';
import type { Quota } from './quota.ts';
import {
  isRewrite,
  type PlannedRewrite,
  settle,
  settleAsPlanned,
  type Settlement,
} from './settle.ts';

/** What the rounds of a batch go by. */
export interface BatchRounds {
  readonly scope: Scope;
  readonly decide: (location: ImageLocation) => Decision;
  readonly findUrlKind: FindUrlKind;
  readonly quota: Quota;
  /** told once of every row whose outcome is final; must not throw */
  readonly observer: { settled(location: ImageLocation, decision: Decision): void };
}

/** How often a row that others keep changing is planned before the run lets it be. */
const rounds = 5;

/**
 * Writes one batch and reports its rows. Those that changed meanwhile get a plan and a transaction of their own.
 *
 * @returns the rows that were left as they are, since the run is to end
 */
export async function writeBatch(
  run: BatchRounds,
  writer: BatchWriter,
  batch: readonly PlannedRewrite[],
): Promise<readonly PlannedRewrite[]> {
  const { alike, others } = splitBatch(batch, run.findUrlKind);
  const changed: PlannedRewrite[] = [];
  const seen = jobOf(run, changed);
  const unseen = { scope: run.scope, group: groupByKind, look: settleAsPlanned };
  const left = [
    ...(await writeRows(writer, alike, { ...seen, unseen })),
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
async function writeRows<Row extends PlannedRewrite>(
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
      changed.push(...look.changed);
    },
    locked({ location }) {
      tell(run, location, { kind: 'conflicted', reason: lockedAllTheWhile });
    },
  };
}

/** Reports a planned row; one that was not written in the end leaves its place to another. */
function tell({ quota, observer }: BatchRounds, location: ImageLocation, decision: Decision): void {
  if (!isRewrite(decision)) quota.giveBack(1);
  observer.settled(location, decision);
}
