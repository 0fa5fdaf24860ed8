import type { Fit } from '../stores/fit.ts';
import type { Store } from '../stores/store.ts';

/** A store and how the URL fits it. */
export interface Verdict {
  readonly store: Store;
  readonly fit: Fit;
}

/** What comes of all verdicts. `chosen` is never empty for `one` (then a single one) and `many`. */
export interface Choice {
  readonly kind: 'one' | 'many' | 'reserved' | 'none';
  readonly chosen: readonly Verdict[];
}

/**
 * Chooses among the stores of a URL's scheme: the most specific fit. Two that are equally specific are too many; a
 * reserved store that is more specific than any other means none.
 */
export function choose(verdicts: readonly Verdict[]): Choice {
  const enabled = findDeepest(verdicts.filter(({ store }) => !store.reserved));
  const reserved = findDeepest(verdicts.filter(({ store }) => store.reserved));
  if (reserved.depth > enabled.depth) return { kind: 'reserved', chosen: reserved.verdicts };
  const chosen = enabled.verdicts;
  if (chosen.length === 0) return { kind: 'none', chosen };
  return { kind: chosen.length === 1 ? 'one' : 'many', chosen };
}

function findDeepest(verdicts: readonly Verdict[]): { depth: number; verdicts: Verdict[] } {
  const depthOf = ({ fit }: Verdict): number => (fit.kind === 'fits' ? fit.depth : -1);
  const depth = Math.max(...verdicts.map(depthOf), -1);
  return { depth, verdicts: depth < 0 ? [] : verdicts.filter((one) => depthOf(one) === depth) };
}
