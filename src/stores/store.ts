import type { Fit } from './fit.ts';
import type { LocationUrl } from './location-url.ts';

/**
 * The prefix glance_store computes for a store (`Store.url_prefix`). `none`: Glance has none either. `unknown`: Glance
 * may have one, but what it is depends on something that is not known here; it has one of the forms of `mayBe`.
 */
export type UrlPrefix =
  | { readonly kind: 'known'; readonly value: string }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string; readonly mayBe: readonly PrefixForm[] };

/** A prefix of which only beginning and end are known; where `end` is not empty, a name without slash is in between. */
export interface PrefixForm {
  readonly start: string;
  readonly end: string;
}

/** One entry of `enabled_backends`, or a store Glance reserves for itself (`os_glance_*`). */
export interface Store {
  readonly id: string;
  /** the driver's name as the configuration writes it: `file`, `rbd`, `glance.store.rbd.Store` … */
  readonly type: string;
  readonly reserved: boolean;
  /** URL schemes the driver registers; empty when there is no such driver */
  readonly schemes: readonly string[];
  readonly urlPrefix: UrlPrefix;
  /** its configuration is out of order, or too little of it is known here: `fit` takes no URL */
  readonly isBroken: boolean;
  /** what an operator should know about this store although it works */
  readonly warnings: readonly string[];
  /** whether `fit` looks at the image id, so that its answer holds for that image alone */
  readonly dependsOnImage: boolean;
  /** every configured text that a URL may be compared with by the corrected rule */
  readonly comparedTexts: readonly string[];
  /** Judges a URL of one of this store's schemes by the corrected rule. */
  fit(url: LocationUrl, imageId: string): Fit;
}
