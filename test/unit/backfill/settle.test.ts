import { describe, expect, it } from 'vitest';
import type { PlannedRewrite } from '../../../src/backfill/decided-row.ts';
import { settle, type SettleOptions } from '../../../src/backfill/settle.ts';
import type { Decision } from '../../../src/locations/decision.ts';
import type { LockedLocation } from '../../../src/database/location-table.ts';
import type { ImageLocation } from '../../../src/locations/image-location.ts';
import { makeLocation } from '../../support/locations.ts';

const before: LockedLocation = {
  ...makeLocation({ id: 7 }),
  status: 'active',
  deleted: false,
  updatedAt: '2020-01-02 03:04:05',
};
const assigned = {
  kind: 'assigned',
  url: before.value,
  store: 'fast',
  metaData: '{"store": "fast"}',
  deviation: null,
} as const;
const planned: PlannedRewrite[] = [{ location: before, decision: assigned }];

/** Decides as the real rule would for one enabled store: a store there is right, anything else gets it. */
function decide(location: ImageLocation): Decision {
  if (location.metaData?.includes('"store": "fast"') === true)
    return { kind: 'current', store: 'fast', contradictedBy: null };
  if (location.value.startsWith('rbd:')) {
    const { value: url } = location;
    const unknown = { previousStore: null, nearestStore: null, deviation: null };
    return { kind: 'unmatched', url, reason: 'no rbd store', ...unknown };
  }
  return { ...assigned, metaData: `${String(location.metaData).slice(0, -1)}, "store": "fast"}` };
}

function settleWith(locked: LockedLocation[], options: Partial<SettleOptions> = {}) {
  const scope = { pendingDelete: false, imageIds: undefined };
  return settle(planned, locked, { scope, decide, lostStamp: undefined, ...options });
}

describe('settling a batch under lock', () => {
  it('writes what was planned into a row nobody touched', () => {
    const { updates, written, settled } = settleWith([before]);
    expect(updates).toEqual([{ id: 7, metaData: '{"store": "fast"}' }]);
    expect(written).toEqual([7]);
    expect(settled).toEqual([{ location: before, decision: assigned }]);
  });

  it('counts a row as current that Glance gave the right store meanwhile', () => {
    const { updates, settled } = settleWith([{ ...before, metaData: '{"store": "fast"}' }]);
    expect(updates).toEqual([]);
    expect(settled[0]?.decision.kind).toBe('current');
  });

  it('plans a row anew that Glance changed and that needs a store all the same, and does not write it', () => {
    const now = { ...before, metaData: '{"mount": "m"}' };
    const { updates, written, settled, changed } = settleWith([now]);
    expect({ updates, written, settled }).toEqual({ updates: [], written: [], settled: [] });
    expect(changed).toEqual([
      { location: now, decision: { ...assigned, metaData: '{"mount": "m", "store": "fast"}' } },
    ]);
  });

  it('decides anew when the URL changed meanwhile', () => {
    const { updates, settled } = settleWith([{ ...before, value: 'rbd://f/p/i/snap' }]);
    expect(updates).toEqual([]);
    expect(settled[0]?.decision.kind).toBe('unmatched');
  });

  it.each([
    ['purged', []],
    ['deleted', [{ ...before, deleted: true, status: 'deleted' }]],
    ['scheduled for delayed deletion', [{ ...before, deleted: true, status: 'pending_delete' }]],
  ])('leaves a row alone that was %s meanwhile, as conflicted', (_what, locked) => {
    const { updates, settled } = settleWith(locked);
    expect(updates).toEqual([]);
    expect(settled.map(({ decision }) => decision.kind)).toEqual(['conflicted']);
  });

  it('writes a row pending deletion when the run includes those', () => {
    const scope = { pendingDelete: true, imageIds: undefined };
    const { updates } = settleWith([{ ...before, deleted: true, status: 'pending_delete' }], {
      scope,
    });
    expect(updates).toHaveLength(1);
  });

  const ours = { ...before, metaData: '{"store": "fast"}', updatedAt: '2026-11-22 12:00:00' };

  it('counts our text under our updated_at as our own work after a commit whose outcome is unknown', () => {
    const { updates, written, settled } = settleWith([ours], { lostStamp: ours.updatedAt });
    expect(updates).toEqual([]);
    expect(written).toEqual([7]);
    expect(settled).toEqual([{ location: before, decision: assigned }]);
  });

  it.each([
    ['another time', { ...ours, updatedAt: '2026-11-22 12:00:01' }],
    ['a fraction of a second more', { ...ours, updatedAt: '2026-11-22 12:00:00.5' }],
    ['no time', { ...ours, updatedAt: null }],
  ])('does not take our text with %s for our own work', (_what, now) => {
    const { updates, written, settled } = settleWith([now], { lostStamp: ours.updatedAt });
    expect({ updates, written }).toEqual({ updates: [], written: [] });
    expect(settled[0]?.decision.kind).toBe('current');
  });

  it('writes again after an unknown commit that did not take', () => {
    expect(settleWith([before], { lostStamp: ours.updatedAt }).updates).toHaveLength(1);
  });
});
