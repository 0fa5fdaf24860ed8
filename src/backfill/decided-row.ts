import type { Decision, Rewrite } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';

/** A row as it was read, and what was decided to write into it. */
export interface PlannedRewrite {
  readonly location: ImageLocation;
  readonly decision: Rewrite;
}

/** A row and what became of it. */
export interface Settled {
  readonly location: ImageLocation;
  readonly decision: Decision;
}
