import type { ConfiguredStores } from './enabled.ts';
import type { Store, UrlPrefix } from './store.ts';

/** Where two configurations give locations other stores, or would look for them elsewhere. May hold secrets. */
export type StoreDifference =
  | { readonly kind: 'order'; readonly here: readonly string[]; readonly there: readonly string[] }
  | { readonly kind: 'missing-here' | 'missing-there'; readonly store: Store }
  | {
      readonly kind: 'type';
      readonly store: string;
      readonly here: string;
      readonly there: string;
    }
  | {
      readonly kind: 'prefix';
      readonly store: string;
      readonly here: UrlPrefix;
      readonly there: UrlPrefix;
    }
  /** what URLs are compared with differs, though the prefix does not: a second directory, an account */
  | { readonly kind: 'places'; readonly store: string };

type Stores = Pick<ConfiguredStores, 'stores'>;

/** Compares the stores of two controllers, the reserved ones included; empty when they are the same. */
export function compareStores(here: Stores, there: Stores): readonly StoreDifference[] {
  const [ours, theirs] = [indexById(here), indexById(there)];
  return [
    ...here.stores
      .filter(({ id }) => !theirs.has(id))
      .map((store): StoreDifference => ({ kind: 'missing-there', store })),
    ...there.stores
      .filter(({ id }) => !ours.has(id))
      .map((store): StoreDifference => ({ kind: 'missing-here', store })),
    ...compareOrder(here, there),
    ...here.stores.flatMap((store) => {
      const other = theirs.get(store.id);
      return other === undefined ? [] : compareStore(store, other);
    }),
  ];
}

function indexById({ stores }: Stores): ReadonlyMap<string, Store> {
  return new Map(stores.map((store) => [store.id, store]));
}

/** Of the enabled stores that both have. */
function compareOrder(ours: Stores, theirs: Stores): StoreDifference[] {
  const enabled = ({ stores }: Stores): readonly string[] =>
    stores.filter(({ reserved }) => !reserved).map(({ id }) => id);
  const here = enabled(ours).filter((id) => enabled(theirs).includes(id));
  const there = enabled(theirs).filter((id) => enabled(ours).includes(id));
  return here.join() === there.join() ? [] : [{ kind: 'order', here, there }];
}

function compareStore(ours: Store, theirs: Store): StoreDifference[] {
  const store = ours.id;
  // Another driver has another prefix by nature.
  if (ours.type !== theirs.type) {
    return [{ kind: 'type', store, here: ours.type, there: theirs.type }];
  }
  const [here, there] = [ours.urlPrefix, theirs.urlPrefix];
  if (JSON.stringify(here) !== JSON.stringify(there)) {
    return [{ kind: 'prefix', store, here, there }];
  }
  const areSame = ours.comparedTexts.join('\n') === theirs.comparedTexts.join('\n');
  return areSame ? [] : [{ kind: 'places', store }];
}
