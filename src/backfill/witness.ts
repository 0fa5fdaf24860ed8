import type { ContradictingPair, RowName, Testimony } from '../locations/testimony.ts';

/** What a sample of the table says of the configuration. */
export interface Evidence {
  /** rows read */
  readonly sampled: number;
  /** rows that name an enabled store and whose URL lies in exactly one */
  readonly labelled: number;
  /** of these, rows whose URL lies in another store than they name */
  readonly contradicting: number;
  /** the latter by the two stores, most frequent first */
  readonly pairs: readonly ContradictingPair[];
  /** rows that name a store that is not enabled: none of `labelled` */
  readonly notEnabled: number;
  /** the stores that these name, most frequent first */
  readonly strangers: readonly string[];
}

/** Whether most rows that name a store name one that is not enabled: the ids may not be those that Glance used. */
export function isStrange({ labelled, notEnabled }: Evidence): boolean {
  return labelled + notEnabled >= fewest && notEnabled > labelled;
}

/** Labelled rows without which nothing can be said. */
const fewest = 100;

/** Whether rows contradict the configuration so often that it is probably not the one that they were labelled with. */
export function isRefuted(
  { labelled, contradicting }: Pick<Evidence, 'labelled' | 'contradicting'>,
  maxPercent: number,
): boolean {
  return labelled >= fewest && contradicting * 100 > maxPercent * labelled;
}

/** One row of a sample and what it says. */
export interface Heard {
  readonly row: RowName;
  readonly testimony: Testimony;
}

/** Sums up what the rows of a sample say. */
export function weighEvidence(heard: Iterable<Heard>): Evidence {
  const pairs = new Map<string, ContradictingPair>();
  const strangers = new Map<string, number>();
  let [sampled, labelled, contradicting, notEnabled] = [0, 0, 0, 0];
  for (const { row, testimony } of heard) {
    sampled += 1;
    if (testimony.kind === 'silent') continue;
    if (testimony.kind === 'not-enabled') {
      notEnabled += 1;
      strangers.set(testimony.store, (strangers.get(testimony.store) ?? 0) + 1);
      continue;
    }
    labelled += 1;
    if (testimony.kind !== 'contradicts') continue;
    contradicting += 1;
    const { store, matchingStore } = testimony;
    const key = JSON.stringify([store, matchingStore]);
    const pair = pairs.get(key) ?? { store, matchingStore, count: 0, example: row };
    pairs.set(key, { ...pair, count: pair.count + 1 });
  }
  const sorted = [...pairs.values()].sort((one, other) => other.count - one.count);
  const named = [...strangers].sort(([, one], [, other]) => other - one).map(([store]) => store);
  return { sampled, labelled, contradicting, pairs: sorted, notEnabled, strangers: named };
}
