import type { Decision, Deviation, Outcome } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import { Groups } from './groups.ts';
import { urlShape } from './url-shape.ts';

/** Rows by outcome; the outcomes add up to `examined`, `contradicting` is part of `current`. */
export type RowCounts = Record<'examined' | 'contradicting' | Outcome, number>;

/** Rows that name one store, by how they came to. */
export type StoreCounts = Record<'current' | 'assigned' | 'replaced', number>;

/** What unmatched rows have in common. */
export interface UnmatchedKind {
  readonly shape: string;
  readonly reason: string;
  readonly nearestStore: string | null;
}

/** What contradicting rows have in common: the store they name, and the one their URLs match. */
export interface Contradiction {
  readonly store: string;
  readonly matchingStore: string;
}

/** Counts what became of the rows. Holds counts and examples, never rows: its size does not grow with the table. */
export class Tally {
  readonly rows: RowCounts = {
    examined: 0,
    current: 0,
    assigned: 0,
    replaced: 0,
    skipped: 0,
    unmatched: 0,
    ambiguous: 0,
    unreadable: 0,
    conflicted: 0,
    contradicting: 0,
  };
  readonly stores = new Map<string, StoreCounts>();
  readonly unmatched = new Groups<UnmatchedKind>();
  readonly contradicting = new Groups<Contradiction>();
  readonly ambiguous = new Groups<readonly string[]>();
  readonly unreadable = new Groups<string>();
  readonly deviations = new Groups<Deviation>();

  /** @param storeIds the enabled stores, in their order: each gets a line even if no row names it */
  constructor(storeIds: readonly string[]) {
    for (const id of storeIds) this.stores.set(id, { current: 0, assigned: 0, replaced: 0 });
  }

  /** Counts one row. */
  add(location: ImageLocation, decision: Decision): void {
    this.rows.examined++;
    this.rows[decision.kind]++;
    switch (decision.kind) {
      case 'current':
        this.#addToStore(decision.store, 'current');
        this.#addContradiction(location, decision);
        return;
      case 'assigned':
      case 'replaced':
        this.#addToStore(decision.store, decision.kind);
        this.#addDeviation(location, decision.deviation);
        return;
      case 'unmatched':
        this.#addUnmatched(location, decision);
        this.#addDeviation(location, decision.deviation);
        return;
      case 'ambiguous':
        this.ambiguous.add(JSON.stringify(decision.stores), decision.stores, exampleOf(location));
        this.#addDeviation(location, decision.deviation);
        return;
      case 'unreadable':
        this.unreadable.add(decision.reason, decision.reason, exampleOf(location));
        return;
      case 'conflicted':
      case 'skipped':
        return;
    }
  }

  #addToStore(store: string, how: keyof StoreCounts): void {
    const counts = this.stores.get(store);
    if (counts !== undefined) counts[how]++;
  }

  #addContradiction(
    location: ImageLocation,
    { store, contradictedBy }: Extract<Decision, { kind: 'current' }>,
  ): void {
    if (contradictedBy === null) return;
    this.rows.contradicting++;
    const key = JSON.stringify([store, contradictedBy]);
    this.contradicting.add(key, { store, matchingStore: contradictedBy }, exampleOf(location));
  }

  #addUnmatched(
    location: ImageLocation,
    { url, reason, nearestStore }: Extract<Decision, { kind: 'unmatched' }>,
  ): void {
    const shape = urlShape(url, location.imageId);
    const kind = { shape, reason, nearestStore };
    this.unmatched.add(`${shape}\n${reason}`, kind, exampleOf(location));
  }

  #addDeviation(location: ImageLocation, deviation: Deviation | null): void {
    if (deviation === null) return;
    const { rule, glanceStore, store } = deviation;
    const key = JSON.stringify([rule, glanceStore, store]);
    this.deviations.add(key, deviation, exampleOf(location));
  }
}

function exampleOf({ id, imageId }: ImageLocation): { locationId: number; imageId: string } {
  return { locationId: id, imageId };
}
