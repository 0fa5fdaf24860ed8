import { outOfOrder } from '../stores/fit.ts';
import type { StoreReport, UnmatchedReport } from './report.ts';

/**
 * Why no store matches, naming the nearest one, and what would settle it, a sentence each. What is wrong with a store
 * stands with the store itself and is not told again.
 */
export function describeUnmatched(
  { reason, nearestStore, remedy }: Omit<UnmatchedReport, 'count' | 'example'>,
  stores: readonly StoreReport[],
): { readonly why: string; readonly remedy: string | null } {
  const broken = findBroken(reason, stores);
  if (broken !== undefined) {
    return { why: `store ${broken.id} is out of order, as told with the stores`, remedy };
  }
  const near = nearestStore === null ? '' : `; nearest: store ${nearestStore}`;
  return { why: reason + near, remedy };
}

/** How a remedy is to be introduced: nobody but the operator knows that it is right. */
export function introduceRemedy(nearestStore: string | null): string {
  return nearestStore === null
    ? 'If they lie in one enabled store, name it:'
    : `If they do lie in ${nearestStore}:`;
}

/** The reason may have been cut at its end. */
function findBroken(reason: string, stores: readonly StoreReport[]): StoreReport | undefined {
  const begin = `${outOfOrder}: `;
  if (!reason.startsWith(begin)) return undefined;
  const told = reason.slice(begin.length).replace(/…$/, '');
  return stores.find(({ error }) => error?.startsWith(told));
}
