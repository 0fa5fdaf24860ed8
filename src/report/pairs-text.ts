import type { ContradictingPair } from '../locations/label-verdict.ts';
import { firstFew, plural } from './text.ts';

/** A text for each of the most frequent pairs, and `…` where there are more. */
export function tellPairs(pairs: readonly ContradictingPair[]): readonly string[] {
  const texts = pairs.map(({ store, matchingStore, count, example }) => {
    const rows = `${plural(count, 'row')} ${count === 1 ? 'names' : 'name'} ${store}`;
    return `${rows}, though the URL lies in ${matchingStore} (such as location ${example.locationId})`;
  });
  return firstFew(texts);
}
