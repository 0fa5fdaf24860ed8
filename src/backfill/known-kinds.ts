import type { RowKind } from '../database/location-table.ts';
import type { Decision } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import type { FindUrlKind } from '../locations/url-kinds.ts';
import type { Settled } from './decided-row.ts';
import { findRowKind, kindKey, mostKinds } from './row-kind.ts';

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
  /** of the row met last: an earlier one may have changed since */
  kind: KnownKind;
  readonly need: Need;
  rows: number;
  /** those of the page learnt from last */
  onPage: number;
}

export interface KnownKindsOptions {
  readonly findUrlKind: FindUrlKind;
  /** what the run has to know of rows with this decision */
  readonly needOf: (decision: Decision) => Need;
}

/** What the run has to know of rows whose kind is known: how many there are, their ids, or all that is in them. */
export type Need = 'count' | 'id' | 'all';

/** Kinds remembered; when there are more, all but the most frequent are forgotten. */
const capacity = 1_000;

/** The share of a page's rows that must be of known kinds for counting or listing them to cost less than reading. */
const worthwhile = 0.75;

/** A kind that has less than one of so many rows is rare, most likely one row's own text: it is not asked for. */
const rare = 500;

/** The share of a page's rows that must have been read for there to be something to learn from them. */
const instructive = 0.02;

/** Rows of a page to learn from; they stand for the rest of it. */
const mostLessons = 1_000;

/**
 * Learns from the rows decided which kinds a table's rows are of. Most tables hold a few kinds, and rows
 * of one kind are decided alike, so the server need not send them: it counts them, or says which are of which kind.
 */
export class KnownKinds {
  readonly #options: KnownKindsOptions;
  /** by text of `meta_data` and parts of the URL */
  readonly #kinds = new Map<string, Entry>();
  #rows = 0;
  /** rows of the page learnt from last */
  #rowsOnPage = 0;

  constructor(options: KnownKindsOptions) {
    this.#options = options;
  }

  /** The kinds to have counted, most frequent first; none where that would not pay. */
  toCount(): readonly KnownKind[] {
    return this.#worthwhile(this.#mostFrequent(({ need }) => need === 'count'));
  }

  /** The kinds to have told by their number, most frequent first; none where that would not pay. */
  toList(): readonly KnownKind[] {
    return this.#worthwhile(this.#mostFrequent(() => true));
  }

  /** Learns from a page: from the rows that were decided, and from what was counted. */
  learn(decided: readonly Settled[], counted: readonly CountedKind[]): void {
    const rows = sum(counted.map(({ count }) => count)) + decided.length;
    if (rows === 0) return;
    this.#rows += rows;
    this.#rowsOnPage = rows;
    for (const entry of this.#kinds.values()) entry.onPage = 0;
    for (const { kind, count } of counted) this.#add(kind, count);
    if (decided.length < rows * instructive) return;
    const lessons = decided.slice(0, mostLessons);
    for (const { location, decision } of lessons) {
      const kind = this.#kindOf(location, decision);
      if (kind !== undefined) this.#add(kind, decided.length / lessons.length);
    }
  }

  #kindOf(location: ImageLocation, decision: Decision): KnownKind | undefined {
    const { findUrlKind, needOf } = this.#options;
    const kind = needOf(decision) === 'all' ? undefined : findRowKind(location, findUrlKind);
    return kind === undefined ? undefined : { ...kind, location, decision };
  }

  #add(kind: KnownKind, rows: number): void {
    const key = kindKey(kind);
    const need = this.#options.needOf(kind.decision);
    const entry = this.#kinds.get(key) ?? { kind, need, rows: 0, onPage: 0 };
    entry.kind = kind;
    entry.rows += rows;
    entry.onPage += rows;
    if (this.#kinds.size >= capacity) this.#forgetRare();
    this.#kinds.set(key, entry);
  }

  #forgetRare(): void {
    const kept = new Set(this.#mostFrequent(() => true));
    for (const [key, entry] of this.#kinds) if (!kept.has(entry)) this.#kinds.delete(key);
  }

  #worthwhile(entries: readonly Entry[]): readonly KnownKind[] {
    const rows = sum(entries.map(({ onPage }) => onPage));
    return rows > 0 && rows >= this.#rowsOnPage * worthwhile ? entries.map(({ kind }) => kind) : [];
  }

  #mostFrequent(isWanted: (entry: Entry) => boolean): Entry[] {
    const isFrequent = ({ rows }: Entry): boolean => rows * rare >= this.#rows;
    const wanted = [...this.#kinds.values()].filter(
      (entry) => isFrequent(entry) && isWanted(entry),
    );
    return wanted.sort((a, b) => b.rows - a.rows).slice(0, mostKinds);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
