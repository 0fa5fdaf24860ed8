import type { ContradictingPair } from './report.ts';
import { plural } from './text.ts';

/** Pairs of stores that a message names. */
const mostTold = 4;

/** A text for each of the most frequent pairs, and `…` where there are more. */
export function tellPairs(pairs: readonly ContradictingPair[]): readonly string[] {
  const told = pairs.slice(0, mostTold).map(({ store, matchingStore, count, example }) => {
    const rows = `${plural(count, 'row')} ${count === 1 ? 'names' : 'name'} ${store}`;
    return `${rows}, though the URL lies in ${matchingStore} (such as location ${example.locationId})`;
  });
  return pairs.length > mostTold ? [...told, '…'] : told;
}
