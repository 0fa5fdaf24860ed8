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
  const store = choice.kind === 'one' ? choice.verdict.store.id : null;
  if (store === glanceStore) return null;
  const glance = verdicts.find((verdict) => verdict.store.id === glanceStore);
  return { rule: nameCorrection(choice, glance), glanceStore, store };
}

/** @param glance the verdict on the store that Glance chooses; undefined when it chooses none */
function nameCorrection(choice: Choice, glance: Verdict | undefined): Correction {
  if (glance?.fit.kind === 'misses') return glance.fit.correction;
  switch (choice.kind) {
    case 'one': {
      const isEnabled = glance !== undefined && !glance.store.reserved;
      return isEnabled ? 'most-specific' : choice.verdict.fit.correction;
    }
    case 'many':
      return 'equal-prefixes';
    case 'reserved':
    case 'none':
      return 'reserved-store';
  }
}
