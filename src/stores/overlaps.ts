import { sampleImage } from './drivers/driver.ts';
import { chooseAsGlance, type GlanceChoice } from './glance-choice.ts';
import { type LocationUrl, parseLocationUrl } from './location-url.ts';
import type { Store } from './store.ts';

/** Enabled stores whose URLs one of the rules cannot tell apart, or tells apart by how specific they are. */
export interface Overlap {
  /** store ids in the order of `enabled_backends` */
  readonly stores: readonly string[];
  /** `prefix-only`: the prefix of one fits, though its places do not */
  readonly kind: 'same-place' | 'within' | 'prefix-only';
  /** what the URLs in question begin with; may hold secrets */
  readonly prefix: string;
  readonly why: string;
}

/** An enabled store, with a URL of `sampleImage` for each place it may have it in. */
export interface SampledStore {
  readonly store: Store;
  readonly sampleUrls: readonly string[];
}

/**
 * Finds overlaps by asking each store about the others' sample URLs: the same rules that will judge the table.
 *
 * @param sampled the enabled stores in order
 */
export function findOverlaps(sampled: readonly SampledStore[]): readonly Overlap[] {
  const stores = sampled.map(({ store }) => store);
  const overlaps = sampled.flatMap(({ store, sampleUrls }) =>
    sampleUrls.flatMap((sample) => {
      const url = parseLocationUrl(sample);
      return url === undefined ? [] : judgeSample(url, store, stores);
    }),
  );
  // Stores in the same place find each other; they are told once.
  return [...new Map(overlaps.map((overlap) => [JSON.stringify(overlap), overlap])).values()];
}

/** @param owner the store that the sample is from */
function judgeSample(url: LocationUrl, owner: Store, stores: readonly Store[]): Overlap[] {
  const candidates = stores.filter(({ schemes }) => schemes.includes(url.scheme));
  const depths = new Map(candidates.map((store) => [store, findDepth(store, url)]));
  const depth = depths.get(owner);
  if (depth === undefined) return [];
  const others = candidates.filter((store) => store !== owner);
  const same = others.filter((store) => depths.get(store) === depth);
  const wider = others.filter((store) => (depths.get(store) ?? depth) < depth);
  const glance = chooseAsGlance(url, candidates);
  const taker = glance.kind === 'one' ? glance.store : undefined;
  const takers = others.filter((store) => store === taker && depths.get(store) === undefined);
  const taken = `Glance takes ${nameChoice(glance)}, the corrected rule`;
  const describe = (kind: Overlap['kind'], found: readonly Store[], why: string): Overlap[] => {
    const involved = candidates.filter((store) => store === owner || found.includes(store));
    const prefix = url.raw.slice(0, url.raw.indexOf(sampleImage));
    return found.length === 0 ? [] : [{ stores: involved.map(({ id }) => id), kind, prefix, why }];
  };
  return [
    ...describe('same-place', same, `the same place; ${taken} none`),
    ...describe(
      'within',
      wider,
      `the place of ${owner.id} is within the other; ${taken} ${owner.id}`,
    ),
    ...describe(
      'prefix-only',
      takers,
      `another place, though the prefix fits; ${taken} ${owner.id}`,
    ),
  ];
}

function nameChoice(glance: GlanceChoice): string {
  if (glance.kind === 'none') return 'none';
  return glance.kind === 'one' ? glance.store.id : `${glance.store.id} perhaps`;
}

/** @returns undefined where the URL does not fit */
function findDepth(store: Store, url: LocationUrl): number | undefined {
  const fit = store.fit(url, sampleImage);
  return fit.kind === 'fits' ? fit.depth : undefined;
}
