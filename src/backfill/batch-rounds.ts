import type { Scope } from '../database/location-table.ts';
import type { Decision } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import { type BatchWriter, lockedAllTheWhile } from './batch-writer.ts';
import type { Quota } from './quota.ts';
import { isRewrite, type PlannedRewrite, settle } from './settle.ts';

/** What the rounds of a batch go by. */
export interface BatchRounds {
  readonly scope: Scope;
  readonly decide: (location: ImageLocation) => Decision;
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
  const left: PlannedRewrite[] = [];
  let planned = batch;
  for (let round = 1; planned.length > 0 && round <= rounds; round++) {
    const changed: PlannedRewrite[] = [];
    left.push(...(await writeRound(run, writer, planned, changed)));
    planned = changed;
  }
  for (const { location } of planned) {
    tell(run, location, { kind: 'conflicted', reason: 'keeps changing' });
  }
  return left;
}

/**
 * @param changed takes the rows that are to be planned anew
 * @returns the rows that were left as they are, since the run is to end
 */
function writeRound(
  run: BatchRounds,
  writer: BatchWriter,
  planned: readonly PlannedRewrite[],
  changed: PlannedRewrite[],
): Promise<readonly PlannedRewrite[]> {
  const { scope, decide } = run;
  return writer.write(planned, {
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
  });
}

/** Reports a planned row; one that was not written in the end leaves its place to another. */
function tell({ quota, observer }: BatchRounds, location: ImageLocation, decision: Decision): void {
  if (!isRewrite(decision)) quota.giveBack(1);
  observer.settled(location, decision);
}
