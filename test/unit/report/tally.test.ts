import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/locations/decision.ts';
import { Groups } from '../../../src/report/groups.ts';
import { Tally } from '../../../src/report/tally.ts';
import { makeLocation } from '../../support/locations.ts';

const url = 'rbd://f/old/1d000000-0000-4000-8000-000000000001/snap';
const unmatched = {
  kind: 'unmatched',
  url,
  reason: 'no such pool',
  nearestStore: 'ceph',
  previousStore: null,
  deviation: { rule: 'path-boundary', glanceStore: 'ceph', store: null },
} as const;

const decisions: Decision[] = [
  { kind: 'current', store: 'fast', contradictedBy: null },
  { kind: 'current', store: 'fast', contradictedBy: 'ceph', url },
  { kind: 'assigned', url, store: 'ceph', metaData: '', deviation: null },
  { kind: 'replaced', url, store: 'ceph', previousStore: '"x"', metaData: '', deviation: null },
  { kind: 'skipped', url, store: 'ceph', previousStore: '"x"' },
  unmatched,
  unmatched,
  { kind: 'ambiguous', url, stores: ['a', 'b'], previousStore: null, deviation: null },
  { kind: 'unreadable', reason: 'a list' },
  { kind: 'conflicted', reason: 'removed' },
];

describe('the tally', () => {
  const tally = new Tally(['fast', 'ceph']);
  decisions.forEach((decision, index) => {
    tally.add(makeLocation({ id: index + 1 }), decision);
  });

  it('counts every row in exactly one outcome', () => {
    const { examined, contradicting, ...outcomes } = tally.rows;
    expect(examined).toBe(decisions.length);
    expect(Object.values(outcomes).reduce((sum, count) => sum + count)).toBe(examined);
    expect(contradicting).toBe(1);
    expect(outcomes).toEqual({
      current: 2,
      assigned: 1,
      replaced: 1,
      skipped: 1,
      unmatched: 2,
      ambiguous: 1,
      unreadable: 1,
      conflicted: 1,
    });
  });

  it('counts rows by the store they name', () => {
    expect(Object.fromEntries(tally.stores)).toEqual({
      fast: { current: 2, assigned: 0, replaced: 0 },
      ceph: { current: 0, assigned: 1, replaced: 1 },
    });
  });

  it('groups what is left over, with the first row as the example', () => {
    expect(tally.unmatched.largest(50).largest).toEqual([
      {
        of: {
          shape: 'rbd://f/old/<id>/snap',
          reason: 'no such pool',
          mapPrefix: 'rbd://f/old',
          nearestStore: 'ceph',
        },
        count: 2,
        example: { locationId: 6, imageId: '1d000000-0000-4000-8000-000000000001' },
      },
    ]);
    expect(tally.contradicting.largest(50).largest).toEqual([
      {
        of: { store: 'fast', matchingStore: 'ceph' },
        count: 1,
        example: { locationId: 2, imageId: '1d000000-0000-4000-8000-000000000001' },
      },
    ]);
    expect(tally.replacements.largest(50).largest).toEqual([
      {
        of: { previousStore: '"x"', store: 'ceph' },
        count: 1,
        example: { locationId: 4, imageId: '1d000000-0000-4000-8000-000000000001' },
      },
    ]);
    expect(tally.ambiguous.largest(50).largest[0]?.of).toEqual(['a', 'b']);
    expect(tally.unreadable.largest(50).largest[0]?.of).toBe('a list');
    expect(tally.deviations.largest(50).largest[0]?.count).toBe(2);
  });
});

describe('groups', () => {
  it('come largest first, the smaller ones summed up', () => {
    const groups = new Groups<string>();
    for (const name of ['a', 'b', 'b', 'c', 'c', 'c'])
      groups.add(name, name, { locationId: 1, imageId: 'i' });
    const { largest, others } = groups.largest(2);
    expect(largest.map(({ of, count }) => [of, count])).toEqual([
      ['c', 3],
      ['b', 2],
    ]);
    expect(others).toBe(1);
  });

  it('stay bounded when every row is a group of its own, and lose no count', () => {
    const groups = new Groups<string>();
    for (let row = 0; row < 20_000; row++)
      groups.add(`shape ${row}`, 'x', { locationId: row, imageId: 'i' });
    const { largest, others } = groups.largest(20_000);
    expect(largest).toHaveLength(10_000);
    expect(others).toBe(10_000);
  });
});
