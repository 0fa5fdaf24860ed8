import type { MetaDataUpdate, Scope } from '../database/location-table.ts';
import type { Decision, Rewrite } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';

/** A row as it was read, and what was decided to write into it. */
export interface PlannedRewrite {
  readonly location: ImageLocation;
  readonly decision: Rewrite;
}

/** A row and what became of it. */
export interface Settled {
  readonly location: ImageLocation;
  readonly decision: Decision;
}

/** What the locked look at a batch's rows comes to: the updates to send, and every row's final outcome. */
export interface Settlement {
  readonly updates: readonly MetaDataUpdate[];
  readonly settled: readonly Settled[];
}

export interface SettleOptions {
  readonly scope: Scope;
  readonly decide: (location: ImageLocation) => Decision;
  /** an attempt before this one was lost at COMMIT: rows that bear our text may be our own work */
  readonly commitUnknown: boolean;
}

/**
 * Compares a batch's plan with its rows as they are under lock. Rows nobody touched get what was planned,
 * changed ones are decided anew, rows that are gone or out of scope are `conflicted`.
 *
 * @param planned what was decided from the unlocked read
 * @param locked those of the rows that still exist
 */
export function settle(
  planned: readonly PlannedRewrite[],
  locked: readonly ImageLocation[],
  options: SettleOptions,
): Settlement {
  const byId = new Map(locked.map((location) => [location.id, location]));
  const updates: MetaDataUpdate[] = [];
  const settled = planned.map((plan) => {
    const now = byId.get(plan.location.id);
    if (now !== undefined && options.commitUnknown && bearsOurText(plan, now)) {
      return plan;
    }
    const decision = settleRow(plan, now, options);
    if (isRewrite(decision)) {
      updates.push({ id: plan.location.id, metaData: decision.metaData });
    }
    return { location: now ?? plan.location, decision };
  });
  return { updates, settled };
}

/** Whether a decision changes its row. */
export function isRewrite(decision: Decision): decision is Rewrite {
  return decision.kind === 'assigned' || decision.kind === 'replaced';
}

function settleRow(
  { location, decision }: PlannedRewrite,
  now: ImageLocation | undefined,
  { scope, decide }: SettleOptions,
): Decision {
  if (now === undefined) return { kind: 'conflicted', reason: 'removed while the run went on' };
  if (!inScope(now, scope)) return { kind: 'conflicted', reason: 'deleted while the run went on' };
  return isUnchanged(location, now) ? decision : decide(now);
}

function isUnchanged(before: ImageLocation, now: ImageLocation): boolean {
  return (
    before.value === now.value && before.metaData === now.metaData && before.imageId === now.imageId
  );
}

function bearsOurText({ location, decision }: PlannedRewrite, now: ImageLocation): boolean {
  return now.metaData === decision.metaData && now.value === location.value;
}

function inScope({ status, deleted }: ImageLocation, scope: Scope): boolean {
  return (status === 'active' && !deleted) || (scope.pendingDelete && status === 'pending_delete');
}
