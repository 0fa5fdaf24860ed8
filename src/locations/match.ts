import type { Store } from '../stores/store.ts';
import type { Deviation } from './decision.ts';
import type { Mapping } from './mappings.ts';

/** The rule to choose a store by: Glance's own, or that one without what is known to be wrong in it. */
export type Matching = 'corrected' | 'glance';

/**
 * The stores that a URL lies in. `deviation`: where Glance's own rule says otherwise; null where it agrees, or
 * what it says is not known.
 *
 * `none`: `reason` is in an operator's words, without secrets and image ids; `nearestStore` is the store whose
 * URLs are most like it, null when none is near.
 */
export type Match =
  | { readonly kind: 'one'; readonly store: string; readonly deviation: Deviation | null }
  | {
      readonly kind: 'many';
      readonly stores: readonly string[];
      readonly deviation: Deviation | null;
    }
  | {
      readonly kind: 'none';
      readonly reason: string;
      readonly nearestStore: string | null;
      readonly deviation: Deviation | null;
    }
  | { readonly kind: 'not-a-url' };

/** A match of something that is a URL. */
export type UrlMatch = Exclude<Match, { kind: 'not-a-url' }>;

/**
 * Says in which store a URL lies; never throws.
 *
 * @param rawUrl in clear, as Glance stores it
 * @param imageId the image it is a location of
 */
export type Matcher = (rawUrl: string, imageId: string) => Match;

/** What URLs are judged by. */
export interface MatcherOptions {
  /** in the order of `enabled_backends`, the reserved ones last */
  readonly stores: readonly Store[];
  readonly matching: Matching;
  /** the operator's word; there is none with `matching: 'glance'` */
  readonly mappings: readonly Mapping[];
  /** told of each mapping that a URL was given its store by, now and then again */
  readonly onMapped?: (mapping: Mapping) => void;
}
