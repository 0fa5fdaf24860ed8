import type { Correction } from '../stores/correction.ts';
import type { Choice, Verdict } from './choice.ts';
import type { Deviation } from './decision.ts';

/**
 * Where a choice by the corrected rule and Glance part; null where they agree.
 *
 * @param verdicts of all stores of the URL's scheme
 * @param glanceStore the store that Glance's own rule chooses, one of them
 */
export function findDeviation(
  choice: Choice,
  verdicts: readonly Verdict[],
  glanceStore: string | null,
): Deviation | null {
  const [first] = choice.chosen;
  const store = choice.kind === 'one' && first !== undefined ? first.store.id : null;
  if (store === glanceStore) return null;
  const glance = verdicts.find((verdict) => verdict.store.id === glanceStore);
  return { rule: nameCorrection(choice, glance), glanceStore, store };
}

function nameCorrection({ kind, chosen }: Choice, glance: Verdict | undefined): Correction {
  const correction = chosen[0]?.fit.correction ?? 'path-boundary';
  if (glance === undefined) return correction;
  if (glance.fit.kind === 'misses') return glance.fit.correction;
  switch (kind) {
    case 'one':
      return glance.store.reserved ? correction : 'most-specific';
    case 'many':
      return 'equal-prefixes';
    case 'reserved':
    case 'none':
      return 'reserved-store';
  }
}
