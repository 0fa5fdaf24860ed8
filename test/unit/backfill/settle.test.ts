import { describe, expect, it } from 'vitest';
import { type PlannedRewrite, settle, type SettleOptions } from '../../../src/backfill/settle.ts';
import type { Decision } from '../../../src/locations/decision.ts';
import type { ImageLocation } from '../../../src/locations/image-location.ts';
import { makeLocation } from '../../support/locations.ts';

const before = makeLocation({ id: 7 });
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

function settleWith(locked: ImageLocation[], options: Partial<SettleOptions> = {}) {
  const scope = { pendingDelete: false, imageIds: undefined };
  return settle(planned, locked, { scope, decide, commitUnknown: false, ...options });
}

describe('settling a batch under lock', () => {
  it('writes what was planned into a row nobody touched', () => {
    const { updates, settled } = settleWith([before]);
    expect(updates).toEqual([{ id: 7, metaData: '{"store": "fast"}' }]);
    expect(settled).toEqual([{ location: before, decision: assigned }]);
  });

  it('counts a row as current that Glance gave the right store meanwhile', () => {
    const { updates, settled } = settleWith([{ ...before, metaData: '{"store": "fast"}' }]);
    expect(updates).toEqual([]);
    expect(settled[0]?.decision.kind).toBe('current');
  });

  it('keeps a key that Glance added meanwhile', () => {
    const { updates } = settleWith([{ ...before, metaData: '{"mount": "m"}' }]);
    expect(updates).toEqual([{ id: 7, metaData: '{"mount": "m", "store": "fast"}' }]);
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

  it('counts our text as our own work after a commit whose outcome is unknown', () => {
    const ours = { ...before, metaData: '{"store": "fast"}' };
    const { updates, settled } = settleWith([ours], { commitUnknown: true });
    expect(updates).toEqual([]);
    expect(settled[0]?.decision.kind).toBe('assigned');
  });

  it('writes again after an unknown commit that did not take', () => {
    expect(settleWith([before], { commitUnknown: true }).updates).toHaveLength(1);
  });
});
