import type { Decision } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import type { KnownKind } from './known-kinds.ts';

/** What the run tells while it goes on. Must not throw. */
export interface BackfillObserver {
  /** the outcome of one row is final: decided and, where it says so, committed */
  settled(location: ImageLocation, decision: Decision): void;
  /** so many more rows are like one that was told of before, and have the same outcome */
  counted(kind: KnownKind, rows: number): void;
  /** whether rows with this decision are reported one by one */
  isToBeShown(decision: Decision): boolean;
  /** all rows up to this id have been looked at */
  reached(id: number): void;
}
