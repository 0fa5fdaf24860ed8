import type { Decision, Deviation, Outcome } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import { type Example, Groups } from './groups.ts';
import { redactStore, storeIdOf } from './redaction.ts';
import { mapPrefixOf } from './map-suggestion.ts';
import { urlShape } from './url-shape.ts';

/** Rows by outcome; the outcomes add up to `examined`, `contradicting` is part of `current`. */
export type RowCounts = Record<'examined' | 'contradicting' | Outcome, number>;

/** Rows that are, or in a dry run would be, written. */
export function rewrittenRows({
  assigned,
  replaced,
}: Pick<RowCounts, 'assigned' | 'replaced'>): number {
  return assigned + replaced;
}

/** Rows that name one store, by how they came to. */
export type StoreCounts = Record<'current' | 'assigned' | 'replaced', number>;

/** Rows that name no store at all: as the run found them, and those of them that it leaves so. */
export interface StorelessCounts {
  found: number;
  left: number;
}

/** What unmatched rows have in common. */
export interface UnmatchedKind {
  readonly shape: string;
  readonly reason: string;
  readonly nearestStore: string | null;
  /** what a `--map` that settles them begins with; see `mapPrefixOf` */
  readonly mapPrefix: string | null;
}

/** What contradicting rows have in common: the store they name, and the one their URLs match. */
export interface Contradiction {
  readonly store: string;
  readonly matchingStore: string;
}

/** What replaced rows have in common. */
export interface Replacement {
  /** the store that the rows name, as JSON text, redacted */
  readonly previousStore: string;
  readonly store: string;
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
  readonly storeless: StorelessCounts = { found: 0, left: 0 };
  /** rows among those replaced that named an enabled store */
  relabelled = 0;
  readonly stores = new Map<string, StoreCounts>();
  readonly unmatched = new Groups<UnmatchedKind>();
  readonly contradicting = new Groups<Contradiction>();
  readonly replacements = new Groups<Replacement>();
  readonly ambiguous = new Groups<readonly string[]>();
  readonly unreadable = new Groups<string>();
  readonly deviations = new Groups<Deviation>();

  /** @param storeIds the enabled stores, in their order: each gets a line even if no row names it */
  constructor(storeIds: readonly string[]) {
    for (const id of storeIds) this.stores.set(id, { current: 0, assigned: 0, replaced: 0 });
  }

  /** Counts `rows` rows, of which `location` is an example. */
  add(location: ImageLocation, decision: Decision, rows = 1): void {
    const example = { locationId: location.id, imageId: location.imageId };
    this.rows.examined += rows;
    this.rows[decision.kind] += rows;
    switch (decision.kind) {
      case 'current':
        this.#addToStore(decision.store, 'current', rows);
        this.#addContradiction(example, decision, rows);
        return;
      case 'assigned':
      case 'replaced':
        this.#addToStore(decision.store, decision.kind, rows);
        if (decision.kind === 'assigned') this.storeless.found += rows;
        if (decision.kind === 'replaced') this.#addReplacement(example, decision, rows);
        this.#addDeviation(example, decision.deviation, rows);
        return;
      case 'unmatched':
        this.#addUnmatched(example, decision, rows);
        this.#addStoreless(decision, rows);
        this.#addDeviation(example, decision.deviation, rows);
        return;
      case 'ambiguous':
        this.#addStoreless(decision, rows);
        this.ambiguous.add(JSON.stringify(decision.stores), decision.stores, example, rows);
        this.#addDeviation(example, decision.deviation, rows);
        return;
      case 'unreadable':
        this.unreadable.add(decision.reason, decision.reason, example, rows);
        return;
      case 'conflicted':
      case 'skipped':
        return;
    }
  }

  /** Counts rows that stay as they are. */
  #addStoreless({ previousStore }: { readonly previousStore: string | null }, rows: number): void {
    if (previousStore !== null) return;
    this.storeless.found += rows;
    this.storeless.left += rows;
  }

  #addToStore(store: string, how: keyof StoreCounts, rows: number): void {
    const counts = this.stores.get(store);
    if (counts !== undefined) counts[how] += rows;
  }

  #addReplacement(
    example: Example,
    { previousStore, store }: Extract<Decision, { kind: 'replaced' }>,
    rows: number,
  ): void {
    if (this.stores.has(storeIdOf(previousStore) ?? '')) this.relabelled += rows;
    const replacement = { previousStore: redactStore(previousStore), store };
    this.replacements.add(JSON.stringify(replacement), replacement, example, rows);
  }

  #addContradiction(
    example: Example,
    { store, contradictedBy }: Extract<Decision, { kind: 'current' }>,
    rows: number,
  ): void {
    if (contradictedBy === null) return;
    this.rows.contradicting += rows;
    const key = JSON.stringify([store, contradictedBy]);
    this.contradicting.add(key, { store, matchingStore: contradictedBy }, example, rows);
  }

  #addUnmatched(
    example: Example,
    { url, reason, nearestStore }: Extract<Decision, { kind: 'unmatched' }>,
    rows: number,
  ): void {
    const shape = urlShape(url, example.imageId);
    const mapPrefix = mapPrefixOf(url, example.imageId);
    const kind = { shape, reason, nearestStore, mapPrefix };
    this.unmatched.add(`${shape}\n${reason}\n${mapPrefix ?? ''}`, kind, example, rows);
  }

  #addDeviation(example: Example, deviation: Deviation | null, rows: number): void {
    if (deviation === null) return;
    const { rule, glanceStore, store } = deviation;
    const key = JSON.stringify([rule, glanceStore, store]);
    this.deviations.add(key, deviation, example, rows);
  }
}
