import type { Correction } from '../stores/correction.ts';
import type { GlanceChoice } from '../stores/glance-choice.ts';
import type { Choice, StoreFit } from './choice.ts';
import type { Deviation } from './decision.ts';

/**
 * Where a choice by the corrected rule and Glance part; null where they agree, or Glance's choice is not known.
 *
 * @param storeFits of all stores of the URL's scheme
 * @param glance what Glance's own rule comes to among them
 */
export function findDeviation(
  choice: Choice,
  storeFits: readonly StoreFit[],
  glance: GlanceChoice,
): Deviation | null {
  const store = choice.kind === 'one' ? choice.fitting.store.id : null;
  const glanceStore = glance.kind === 'one' ? glance.store.id : null;
  if (glance.kind === 'unknown' || store === glanceStore) return null;
  const verdict = storeFits.find((one) => one.store.id === glanceStore);
  return { rule: nameCorrection(choice, verdict), glanceStore, store };
}

/** @param glance the verdict on the store that Glance chooses; undefined when it chooses none */
function nameCorrection(choice: Choice, glance: StoreFit | undefined): Correction {
  if (glance?.fit.kind === 'misses') return glance.fit.correction;
  switch (choice.kind) {
    case 'one': {
      const isEnabled = glance !== undefined && !glance.store.reserved;
      return isEnabled ? 'most-specific' : choice.fitting.fit.correction;
    }
    case 'many':
      return 'equal-prefixes';
    case 'reserved':
    case 'none':
      return 'reserved-store';
  }
}
