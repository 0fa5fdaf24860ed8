import type { Correction } from './correction.ts';
import { uuid } from './uuid.ts';

/**
 * How a URL relates to one store under the corrected rule.
 *
 * `depth`: the more specific of two fits has the greater one; comparable among stores that fit the same URL.
 * `agreed`: how many parts of the URL agreed before one did not, and how far that one did (`likeness`); the nearest
 * store has the most. A store that is out of order has -1, less than any other.
 * `why`: in an operator's words and without secrets, e.g. `bucket "img-old" is not "img"`.
 * `correction`: what to call it where Glance's prefix says otherwise.
 */
export type Fit =
  | { readonly kind: 'fits'; readonly depth: number; readonly correction: Correction }
  | {
      readonly kind: 'misses';
      readonly agreed: number;
      readonly why: string;
      readonly correction: Correction;
      /** the URL names the store itself, which is out of order: it is no other store's either */
      readonly isOwn?: true;
    };

/** How the reason begins where it is not the URL but the store: its configuration is broken. */
export const outOfOrder = 'the store is out of order';

/** The URL lies in the store. */
export function fits(depth: number, correction: Correction): Fit {
  return { kind: 'fits', depth, correction };
}

/** The URL does not lie in the store. */
export function misses(agreed: number, why: string, correction: Correction = 'path-boundary'): Fit {
  return { kind: 'misses', agreed, why, correction };
}

/** What of a text stands before the first UUID: the rest tells images apart, not places. */
export function beforeUuid(text: string): string {
  const start = text.search(uuid);
  return start < 0 ? text : text.slice(0, start);
}

/** How alike a name of a URL and a configured one are: from 0 to less than 1, by their beginnings. */
export function likeness(name: string, configured: string): number {
  const stem = beforeUuid(name);
  let shared = 0;
  while (shared < stem.length && stem[shared] === configured[shared]) shared++;
  return shared / (Math.max(stem.length, configured.length) + 1);
}
