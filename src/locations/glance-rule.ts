import { chooseAsGlance } from '../stores/glance-choice.ts';
import type { LocationUrl } from '../stores/location-url.ts';
import type { Store } from '../stores/store.ts';
import type { UrlMatch } from './match.ts';

/**
 * Chooses as Glance does, but that a store Glance reserves for itself is no target. Where Glance's choice hangs on a
 * prefix that is not known here, there is none: the stores that come after it might be wrong.
 *
 * @param candidates stores of the URL's scheme in the order of `enabled_backends`, the reserved ones last
 */
export function matchAsGlance(url: LocationUrl, candidates: readonly Store[]): UrlMatch {
  const choice = chooseAsGlance(url, candidates);
  switch (choice.kind) {
    case 'none':
      return none('the URL begins with the prefix of no enabled store');
    case 'unknown':
      return { ...none(explainUnknown(choice.store)), nearestStore: choice.store.id };
    case 'one':
      return choice.store.reserved
        ? matchReserved(choice.store.id)
        : { kind: 'one', store: choice.store.id, deviation: null };
  }
}

function matchReserved(storeId: string): UrlMatch {
  return {
    ...none(`the URL begins with the prefix of ${storeId} only, which Glance reserves for itself`),
    deviation: { rule: 'reserved-store', glanceStore: storeId, store: null },
  };
}

function explainUnknown({ id, urlPrefix }: Store): string {
  const why = urlPrefix.kind === 'known' ? '' : `: ${urlPrefix.why}`;
  return `Glance may take the URL for store ${id}, whose prefix is not known here${why}`;
}

function none(reason: string): Extract<UrlMatch, { kind: 'none' }> {
  return { kind: 'none', reason, nearestStore: null, deviation: null };
}
