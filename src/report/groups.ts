/** One row that stands for its group. */
export interface Example {
  readonly locationId: number;
  readonly imageId: string;
}

/** A group of rows, as all lists of a report have it. */
export interface Listed {
  readonly count: number;
  /** null for what is summed up */
  readonly example: Example | null;
}

/** Rows that have something in common. */
export interface Group<T> {
  /** what they have in common */
  readonly of: T;
  readonly count: number;
  readonly example: Example;
}

/** The largest groups, and how many rows the others hold. */
export interface LargestGroups<T> {
  readonly largest: readonly Group<T>[];
  readonly others: number;
}

/** Groups kept while counting. A table may hold as many shapes of URL as rows; memory must not. */
const mostGroups = 10_000;

/**
 * Counts rows by what they have in common, in bounded memory: rows of groups
 * that first appear after ten thousand others are counted together.
 */
export class Groups<T> {
  readonly #groups = new Map<string, { of: T; count: number; example: Example }>();
  #others = 0;

  /** Counts `rows` rows like `example`; `key` must tell groups apart as `of` does. */
  add(key: string, of: T, example: Example, rows = 1): void {
    const group = this.#groups.get(key);
    if (group !== undefined) group.count += rows;
    else if (this.#groups.size < mostGroups) this.#groups.set(key, { of, count: rows, example });
    else this.#others += rows;
  }

  /** What each group has in common; undefined where some rows are only counted. */
  kinds(): readonly T[] | undefined {
    return this.#others > 0 ? undefined : [...this.#groups.values()].map(({ of }) => of);
  }

  /** The `limit` largest groups, largest first; of equal ones the one met first. */
  largest(limit: number): LargestGroups<T> {
    const sorted = [...this.#groups.values()].sort((a, b) => b.count - a.count);
    const rest = sorted.slice(limit).reduce((sum, { count }) => sum + count, 0);
    return { largest: sorted.slice(0, limit), others: this.#others + rest };
  }
}
