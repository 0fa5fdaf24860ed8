import { describe, expect, it } from 'vitest';
import { groupByKind, splitBatch } from '../../../src/backfill/kind-rewrites.ts';
import type { PlannedRewrite } from '../../../src/backfill/decided-row.ts';
import { createKindMatcher } from '../../../src/locations/matcher.ts';
import { twoStores } from '../../support/file-stores.ts';

const matcher = createKindMatcher({ stores: twoStores, matching: 'corrected', mappings: [] });
const imageOf = (id: number) => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`;

interface Row {
  readonly folder?: string;
  readonly value?: string;
  readonly old?: string | null;
  readonly text?: string;
}

function rows(...differences: readonly Row[]): PlannedRewrite[] {
  return differences.map(({ folder = 'images', value, old = '{}', text = 'new' }, index) => {
    const [id, imageId] = [index + 1, imageOf(index + 1)];
    const url = value ?? `file:///${folder}/${imageId}`;
    return {
      location: { id, imageId, value: url, metaData: old },
      decision: { kind: 'assigned', store: 'fast', url, metaData: text, deviation: null },
    };
  });
}

const split = (batch: readonly PlannedRewrite[]) => {
  const { ofKinds, others } = splitBatch(batch, matcher.findKind);
  const updates = groupByKind(ofKinds);
  return {
    ofKinds: ofKinds.map(({ id }) => id),
    updates,
    others: others.map(({ location }) => location.id),
  };
};

describe('a batch', () => {
  it('is split into rows of kinds, with what these get, and others', () => {
    const odd = { value: 'file:///images/odd' };
    expect(split(rows({}, odd, { folder: 'slow', text: 'other' }, {}))).toMatchObject({
      ofKinds: [1, 3, 4],
      updates: [
        {
          kind: { url: { head: 'file:///images/', tail: '' }, metaData: '{}' },
          metaData: 'new',
          ids: [1, 4],
        },
        {
          kind: { url: { head: 'file:///slow/', tail: '' }, metaData: '{}' },
          metaData: 'other',
          ids: [3],
        },
      ],
      others: [2],
    });
  });

  it('has other kinds for other texts', () => {
    const { updates } = split(rows({}, { old: '{"k": 1}', text: 'k' }));
    expect(updates.map(({ kind, metaData }) => [kind.metaData, metaData])).toEqual([
      ['{}', 'new'],
      ['{"k": 1}', 'k'],
    ]);
  });

  it('has rows looked at that are without a text, that get another one than their kind, or are long', () => {
    const long = { old: `{"k": "${'x'.repeat(1_000)}"}` };
    expect(split(rows({}, { old: null }, { text: 'unlike' }, {}, {}, long))).toMatchObject({
      ofKinds: [1, 4, 5],
      others: [2, 3, 6],
    });
  });

  it('is looked at as a whole where few rows are of kinds', () => {
    const odd = { value: 'file:///images/odd' };
    expect(split(rows({}, odd, odd))).toEqual({ ofKinds: [], updates: [], others: [1, 2, 3] });
  });

  it('has the 24 most frequent kinds told apart, no more', () => {
    const rare = Array.from({ length: 30 }, (_, index) => ({ old: `{"k": ${index}}` }));
    const frequent = rare.slice(10);
    const { updates, others } = split(rows(...rare, ...frequent));
    expect(updates).toHaveLength(24);
    expect(new Set(updates.map(({ kind }) => kind.metaData))).toEqual(
      new Set([...frequent, ...rare.slice(0, 4)].map(({ old }) => old)),
    );
    expect(others).toHaveLength(6);
  });

  it('is looked at where it is so large that one statement may take long', () => {
    const many = rows(...Array.from({ length: 5_001 }, () => ({})));
    expect(split(many).others).toHaveLength(5_001);
    expect(split(many.slice(1)).ofKinds).toHaveLength(5_000);
  });
});
