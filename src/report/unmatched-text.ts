import type { UnmatchedReport } from './report.ts';

/** Why no store matches, naming the nearest one. */
export function describeUnmatched({
  reason,
  nearestStore,
}: Pick<UnmatchedReport, 'reason' | 'nearestStore'>): string {
  return nearestStore === null ? reason : `${reason}; nearest: store ${nearestStore}`;
}

/** How a remedy is to be introduced: nobody but the operator knows that it is right. */
export function introduceRemedy(nearestStore: string | null): string {
  return nearestStore === null
    ? 'If they lie in one enabled store, name it:'
    : `If they do lie in ${nearestStore}:`;
}
