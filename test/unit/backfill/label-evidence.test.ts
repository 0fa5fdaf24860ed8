import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadRanges } from '../../../src/backfill/label-sample.ts';
import { type JudgedLabel, isRefuted, weighLabels } from '../../../src/backfill/label-evidence.ts';
import type { LabelVerdict } from '../../../src/locations/label-verdict.ts';

describe('a configuration', () => {
  it.each([
    // Too few to say anything.
    [99, 99, 1, false],
    [100, 100, 1, true],
    [100, 2, 1, true],
    [100, 1, 1, false],
    [1_000, 11, 1, true],
    [1_000, 10, 1, false],
    [1_000, 1, 0, true],
    [1_000, 0, 0, false],
    [1_000, 6, 0.5, true],
    [1_000, 5, 0.5, false],
    [1_000, 1_000, 100, false],
  ])(
    'that of %i labelled rows %i contradict, where %d %% may: refuted %s',
    (labelled, contradicting, percent, refuted) => {
      expect(isRefuted({ labelled, contradicting }, percent)).toBe(refuted);
    },
  );
});

const ids = fc.constantFrom('a', 'b', 'c');
const verdicts: fc.Arbitrary<LabelVerdict> = fc.oneof(
  fc.constantFrom<LabelVerdict>({ kind: 'silent' }, { kind: 'agrees' }),
  fc.record({ kind: fc.constant('contradicts' as const), store: ids, matchingStore: ids }),
  fc.record({ kind: fc.constant('not-enabled' as const), store: ids }),
);

function asJudged(all: readonly LabelVerdict[]): JudgedLabel[] {
  return all.map((verdict, index) => ({
    row: { locationId: index + 1, imageId: `i-${index + 1}` },
    verdict,
  }));
}

describe('the labels of a sample', () => {
  it('counts every row that was judged, and each contradiction in one pair', () => {
    fc.assert(
      fc.property(fc.array(verdicts), (all) => {
        const evidence = weighLabels(asJudged(all));
        const notEnabled = all.filter(({ kind }) => kind === 'not-enabled');
        const labelled = all.filter(({ kind }) => kind !== 'silent' && kind !== 'not-enabled');
        expect(evidence.notEnabled).toBe(notEnabled.length);
        expect(new Set(evidence.notEnabledStores)).toEqual(
          new Set(notEnabled.flatMap((one) => (one.kind === 'not-enabled' ? [one.store] : []))),
        );
        const contradicting = all.filter(({ kind }) => kind === 'contradicts');
        expect(evidence.sampled).toBe(all.length);
        expect(evidence.labelled).toBe(labelled.length);
        expect(evidence.contradicting).toBe(contradicting.length);
        const counts = evidence.pairs.map(({ count }) => count);
        expect(counts).toEqual([...counts].sort((one, other) => other - one));
        for (const { store, matchingStore, count, example } of evidence.pairs) {
          const same = contradicting.filter(
            (one) =>
              one.kind === 'contradicts' &&
              one.store === store &&
              one.matchingStore === matchingStore,
          );
          expect(count).toBe(same.length);
          expect(all[example.locationId - 1]).toEqual(same[0]);
        }
      }),
    );
  });
});

describe('a sample', () => {
  it('is taken in at most twenty equal stretches, which together are the table', () => {
    fc.assert(
      fc.property(fc.nat(5_000_000_000), (last) => {
        const ranges = spreadRanges(last);
        expect(ranges.length).toBe(Math.min(last, 20));
        let end = 0;
        for (const range of ranges) {
          expect(range.after).toBe(end);
          expect(range.last).toBeGreaterThan(range.after);
          expect(Math.abs(range.last - range.after - last / 20)).toBeLessThanOrEqual(1);
          expect(range.limit).toBe(500);
          end = range.last;
        }
        expect(end).toBe(last);
      }),
    );
  });

  it('is all of the table where it has no more rows than fit', () => {
    for (const { after, last, limit } of spreadRanges(10_000)) expect(last - after).toBe(limit);
  });
});
