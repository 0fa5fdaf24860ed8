import type { RowKind } from '../database/location-table.ts';
import type { Decision } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import type { FindUrlKind } from '../locations/url-kinds.ts';
import { findRowKind, mostKinds } from './row-kind.ts';

/** A row that was decided, and what became of it: it stands for all rows of its kind. */
export interface KnownKind extends RowKind {
  readonly location: ImageLocation;
  readonly decision: Decision;
}

/** Rows of a kind that the server counted. */
export interface CountedKind {
  readonly kind: KnownKind;
  /** rows */
  readonly count: number;
}

/** A kind, and the rows of it that were met. */
interface Entry {
  readonly kind: KnownKind;
  rows: number;
  /** those of the page learnt from last */
  onPage: number;
}

export interface KnownKindsOptions {
  readonly findUrlKind: FindUrlKind;
  /** whether rows that this becomes of need not be seen one by one */
  readonly isCountable: (decision: Decision) => boolean;
}

/** Kinds remembered; when there are more, all but the most frequent are forgotten. */
const capacity = 1_000;

/** The share of a page's rows that must be of known kinds for counting to cost less than reading. */
const worthwhile = 0.75;

/**
 * Learns from the rows decided which kinds a table's rows are of. Most tables hold a few kinds, and rows
 * of one kind are decided alike, so the server need not send them: it counts them.
 */
export class KnownKinds {
  readonly #options: KnownKindsOptions;
  /** by text of `meta_data` and parts of the URL */
  readonly #kinds = new Map<string, Entry>();
  #isWorthwhile = false;

  constructor(options: KnownKindsOptions) {
    this.#options = options;
  }

  /** The kinds to have counted, most frequent first; none where that would not pay. */
  toCount(): readonly KnownKind[] {
    if (!this.#isWorthwhile) return [];
    return this.#mostFrequent().map(({ kind }) => kind);
  }

  /** Learns from a page: from the rows that were decided, and from what was counted. */
  learn(
    decided: readonly { readonly location: ImageLocation; readonly decision: Decision }[],
    counted: readonly CountedKind[],
  ): void {
    for (const entry of this.#kinds.values()) entry.onPage = 0;
    for (const { kind, count } of counted) this.#add(kind, count);
    for (const { location, decision } of decided) {
      const kind = this.#kindOf(location, decision);
      if (kind !== undefined) this.#add(kind, 1);
    }
    const rows = sum(counted.map(({ count }) => count)) + decided.length;
    const countable = sum(this.#mostFrequent().map(({ onPage }) => onPage));
    if (rows > 0) this.#isWorthwhile = countable / rows >= worthwhile;
  }

  #kindOf(location: ImageLocation, decision: Decision): KnownKind | undefined {
    const { findUrlKind, isCountable } = this.#options;
    const kind = isCountable(decision) ? findRowKind(location, findUrlKind) : undefined;
    return kind === undefined ? undefined : { ...kind, location, decision };
  }

  #add(kind: KnownKind, rows: number): void {
    const key = JSON.stringify([kind.metaData, kind.url.head, kind.url.tail]);
    const entry = this.#kinds.get(key) ?? { kind, rows: 0, onPage: 0 };
    entry.rows += rows;
    entry.onPage += rows;
    if (this.#kinds.size >= capacity) this.#forgetRare();
    this.#kinds.set(key, entry);
  }

  #forgetRare(): void {
    const kept = new Set(this.#mostFrequent());
    for (const [key, entry] of this.#kinds) if (!kept.has(entry)) this.#kinds.delete(key);
  }

  #mostFrequent(): Entry[] {
    return [...this.#kinds.values()].sort((a, b) => b.rows - a.rows).slice(0, mostKinds);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
