import type { Scope } from '../database/location-table.ts';
import type { Decision } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import type { FindUrlKind } from '../locations/url-kinds.ts';
import { groupByKind, splitBatch } from './alike.ts';
import { type BatchWriter, lockedAllTheWhile } from './batch-writer.ts';
import type { Quota } from './quota.ts';
import { isRewrite, type PlannedRewrite, settle, settleAsPlanned } from './settle.ts';

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
  const write = (rows: readonly PlannedRewrite[], areAlike: boolean) =>
    writeRows(run, writer, { rows, areAlike, changed });
  const left = [...(await write(alike, true)), ...(await write(others, false))];
  for (let round = 2; changed.length > 0 && round <= rounds; round++) {
    left.push(...(await write(changed.splice(0), false)));
  }
  for (const { location } of changed) {
    tell(run, location, { kind: 'conflicted', reason: 'keeps changing' });
  }
  return left;
}

/** Rows that are written together. */
interface Part {
  readonly rows: readonly PlannedRewrite[];
  /** whether the server can compare the rows by itself; else each is to be seen */
  readonly areAlike: boolean;
  /** takes the rows that are to be planned anew */
  readonly changed: PlannedRewrite[];
}

/** @returns the rows that were left as they are, since the run is to end */
async function writeRows(
  run: BatchRounds,
  writer: BatchWriter,
  { rows, areAlike, changed }: Part,
): Promise<readonly PlannedRewrite[]> {
  if (rows.length === 0) return [];
  const { scope, decide, findUrlKind } = run;
  const group = (part: readonly PlannedRewrite[]) => groupByKind(part, findUrlKind);
  return writer.write(rows, {
    change: ({ location, decision }) => ({
      id: location.id,
      old: location.metaData,
      new: decision.metaData,
    }),
    look: (part, locked, lostStamp) => settle(part, locked, { scope, decide, lostStamp }),
    unseen: areAlike ? { scope, group, look: settleAsPlanned } : undefined,
    committed(look) {
      for (const { location, decision } of look.settled) tell(run, location, decision);
      changed.push(...look.changed);
    },
    locked({ location }) {
      tell(run, location, { kind: 'conflicted', reason: lockedAllTheWhile });
    },
  });
}

/** Reports a planned row; one that was not written in the end leaves its place to another. */
function tell({ quota, observer }: BatchRounds, location: ImageLocation, decision: Decision): void {
  if (!isRewrite(decision)) quota.giveBack(1);
  observer.settled(location, decision);
}
