import type { ContradictingPair, RowName, LabelVerdict } from '../locations/label-verdict.ts';

/** What the labels of a sample say of the configuration. */
export interface LabelEvidence {
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
  readonly notEnabledStores: readonly string[];
}

/** Whether most rows that name a store name one that is not enabled: the ids may not be those that Glance used. */
export function mostNotEnabled({ labelled, notEnabled }: LabelEvidence): boolean {
  return labelled + notEnabled >= fewest && notEnabled > labelled;
}

/** Labelled rows without which nothing can be said. */
const fewest = 100;

/** Whether rows contradict the configuration so often that it is probably not the one that they were labelled with. */
export function isRefuted(
  { labelled, contradicting }: Pick<LabelEvidence, 'labelled' | 'contradicting'>,
  maxPercent: number,
): boolean {
  return labelled >= fewest && contradicting * 100 > maxPercent * labelled;
}

/** One row of a sample and what its label says. */
export interface JudgedLabel {
  readonly row: RowName;
  readonly verdict: LabelVerdict;
}

/** Sums up what the labels of a sample say. */
export function weighLabels(judged: Iterable<JudgedLabel>): LabelEvidence {
  const pairs = new Map<string, ContradictingPair>();
  const counts = new Map<string, number>();
  let [sampled, labelled, contradicting, notEnabled] = [0, 0, 0, 0];
  for (const { row, verdict } of judged) {
    sampled += 1;
    if (verdict.kind === 'silent') continue;
    if (verdict.kind === 'not-enabled') {
      notEnabled += 1;
      counts.set(verdict.store, (counts.get(verdict.store) ?? 0) + 1);
      continue;
    }
    labelled += 1;
    if (verdict.kind !== 'contradicts') continue;
    contradicting += 1;
    const { store, matchingStore } = verdict;
    const key = JSON.stringify([store, matchingStore]);
    const pair = pairs.get(key) ?? { store, matchingStore, count: 0, example: row };
    pairs.set(key, { ...pair, count: pair.count + 1 });
  }
  const sorted = [...pairs.values()].sort((one, other) => other.count - one.count);
  const notEnabledStores = [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([store]) => store);
  return { sampled, labelled, contradicting, pairs: sorted, notEnabled, notEnabledStores };
}
