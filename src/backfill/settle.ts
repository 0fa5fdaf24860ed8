import type { LockedLocation, MetaDataUpdate, Scope } from '../database/location-table.ts';
import { type Decision, isRewrite } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import type { PlannedRewrite, Settled } from './decided-row.ts';
import type { RewriteOfKind } from './kind-rewrites.ts';
import { type BatchLook, isOurWork } from './batch-job.ts';

/** What the locked look at a batch's rows comes to: each row is either settled or to be planned anew. */
export interface Settlement extends BatchLook {
  /** rows whose outcome is final once the updates are committed */
  readonly settled: readonly Settled[];
  /** rows that changed meanwhile and need a store all the same, as they are now */
  readonly changed: readonly PlannedRewrite[];
  /** rows that were written without a look at them */
  readonly unseen: readonly RewriteOfKind[];
}

export interface SettleOptions {
  readonly scope: Scope;
  readonly decide: (location: ImageLocation) => Decision;
  /** what an attempt lost at COMMIT wrote into `updated_at`, if it took; undefined when none was lost */
  readonly lostStamp: string | undefined;
}

/** What the look under lock says of one row. */
type Finding =
  | { readonly kind: 'write'; readonly plan: PlannedRewrite }
  | { readonly kind: 'written'; readonly plan: PlannedRewrite }
  | { readonly kind: 'changed'; readonly plan: PlannedRewrite }
  | { readonly kind: 'left'; readonly row: Settled };

/**
 * Compares a batch's plan with its rows as they are under lock. Written are rows that are still exactly what
 * was planned on, and no others: the journal knows no other text. Changed ones are decided anew,
 * rows that are gone or out of scope are `conflicted`.
 *
 * @param planned what was decided from an earlier look
 * @param locked those of the rows that still exist
 */
export function settle(
  planned: readonly PlannedRewrite[],
  locked: readonly LockedLocation[],
  options: SettleOptions,
): Settlement {
  const byId = new Map(locked.map((location) => [location.id, location]));
  const updates: MetaDataUpdate[] = [];
  const written: number[] = [];
  const settled: Settled[] = [];
  const changed: PlannedRewrite[] = [];
  for (const plan of planned) {
    const { id } = plan.location;
    const finding = findOut(plan, byId.get(id), options);
    switch (finding.kind) {
      case 'write':
        updates.push({ id, metaData: plan.decision.metaData });
        written.push(id);
        settled.push(plan);
        break;
      case 'written':
        written.push(id);
        settled.push(plan);
        break;
      case 'changed':
        changed.push(finding.plan);
        break;
      case 'left':
        settled.push(finding.row);
        break;
    }
  }
  return { updates, written, settled, changed, unseen: [] };
}

/** What `settle` comes to when every row is as planned. */
export function settleUnseen(unseen: readonly RewriteOfKind[]): Settlement {
  return { updates: [], written: 'all', settled: [], changed: [], unseen };
}

function findOut(
  plan: PlannedRewrite,
  now: LockedLocation | undefined,
  { scope, decide, lostStamp }: SettleOptions,
): Finding {
  if (now === undefined) return conflicted(plan.location, 'removed while the run went on');
  if (isOurWork(plan.decision.metaData, now, lostStamp)) return { kind: 'written', plan };
  if (!inScope(now, scope)) return conflicted(now, 'deleted while the run went on');
  if (isUnchanged(plan.location, now)) return { kind: 'write', plan };
  const decision = decide(now);
  return isRewrite(decision)
    ? { kind: 'changed', plan: { location: now, decision } }
    : { kind: 'left', row: { location: now, decision } };
}

function conflicted(location: ImageLocation, reason: string): Finding {
  return { kind: 'left', row: { location, decision: { kind: 'conflicted', reason } } };
}

function isUnchanged(before: ImageLocation, now: ImageLocation): boolean {
  return (
    before.value === now.value && before.metaData === now.metaData && before.imageId === now.imageId
  );
}

/** Whether a run looks at a row. */
export function inScope({ status, deleted }: LockedLocation, scope: Scope): boolean {
  return (status === 'active' && !deleted) || (scope.pendingDelete && status === 'pending_delete');
}
