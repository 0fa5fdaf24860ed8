import type { Fit } from './fit.ts';
import type { LocationUrl } from './location-url.ts';

/** The prefix glance_store computes for a store (`Store.url_prefix`), or why it has none. */
export type UrlPrefix =
  | { readonly kind: 'known'; readonly value: string }
  | { readonly kind: 'unknowable'; readonly why: string };

/** One entry of `enabled_backends`, or a store Glance reserves for itself (`os_glance_*`). */
export interface Store {
  readonly id: string;
  /** the driver's name as the configuration writes it: `file`, `rbd`, `glance.store.rbd.Store` … */
  readonly type: string;
  readonly reserved: boolean;
  /** URL schemes the driver registers; empty when there is no such driver */
  readonly schemes: readonly string[];
  readonly urlPrefix: UrlPrefix;
  /** what an operator should know about this store although it works */
  readonly warnings: readonly string[];
  /** whether `fit` looks at the image id, so that its answer holds for that image alone */
  readonly dependsOnImage: boolean;
  /** every configured text that a URL may be compared with by the corrected rule */
  readonly comparedTexts: readonly string[];
  /** Judges a URL of one of this store's schemes by the corrected rule. */
  fit(url: LocationUrl, imageId: string): Fit;
}
