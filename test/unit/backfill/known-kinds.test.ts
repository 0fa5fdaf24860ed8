import { describe, expect, it } from 'vitest';
import { KnownKinds } from '../../../src/backfill/known-kinds.ts';
import type { Decision } from '../../../src/locations/decision.ts';
import { makeLocation } from '../../support/locations.ts';

const current: Decision = { kind: 'current', store: 'fast', contradictedBy: null };
const unreadable: Decision = { kind: 'unreadable', reason: 'meta_data is a JSON list' };

const makeKinds = () =>
  new KnownKinds({
    findUrlKind: (url, imageId) => {
      const [head, tail] = url.split(imageId);
      if (head === undefined || tail === undefined) return undefined;
      return { head, tail, match: { kind: 'not-a-url' }, exceptions: [] };
    },
    needOf: ({ kind }) => (kind === 'current' ? 'count' : 'all'),
  });

/** Rows in folders of these names, all decided alike. */
const rowsIn = (folders: readonly string[], decision: Decision = current) =>
  folders.map((folder, index) => {
    const imageId = `image-${index}`;
    return { location: makeLocation({ imageId, value: `file:///${folder}/${imageId}` }), decision };
  });

const headsOf = (kinds: KnownKinds) => kinds.toCount().map(({ url }) => url.head);

describe('known kinds', () => {
  it('are none before the first page', () => {
    expect(makeKinds().toCount()).toEqual([]);
  });

  it('are those of the rows met, the most frequent first', () => {
    const kinds = makeKinds();
    kinds.learn(rowsIn(['a', 'b', 'b', 'c', 'b', 'c']), []);
    expect(headsOf(kinds)).toEqual(['file:///b/', 'file:///c/', 'file:///a/']);
    const [b] = kinds.toCount();
    expect(b).toMatchObject({ url: { tail: '' }, metaData: '{}', decision: current });
    expect(b?.location.imageId).toBe('image-4');
  });

  it('heed what was counted', () => {
    const kinds = makeKinds();
    kinds.learn(rowsIn(['a', 'b', 'b']), []);
    const a = kinds.toCount().find(({ url }) => url.head === 'file:///a/');
    if (a === undefined) throw new Error('a kind was not learnt');
    kinds.learn([], [{ kind: a, count: 100 }]);
    expect(headsOf(kinds)).toEqual(['file:///a/', 'file:///b/']);
  });

  it('are learnt from the first thousand rows of a page, which stand for the rest', () => {
    const kinds = makeKinds();
    const folders = Array.from({ length: 5_000 }, (_, row) => (row < 1_000 ? 'a' : 'b'));
    kinds.learn(rowsIn(folders), []);
    expect(headsOf(kinds)).toEqual(['file:///a/']);
  });

  it('are not counted where too many rows of a page are of none, until that changes', () => {
    const kinds = makeKinds();
    kinds.learn([...rowsIn(['a', 'a']), ...rowsIn(['a'], unreadable)], []);
    expect(kinds.toCount()).toEqual([]);
    kinds.learn([...rowsIn(['a', 'a', 'a']), ...rowsIn(['a'], unreadable)], []);
    expect(headsOf(kinds)).toEqual(['file:///a/']);
  });

  it('are not counted where there are so many that few rows are of those asked for', () => {
    const kinds = makeKinds();
    kinds.learn(rowsIn(Array.from({ length: 100 }, (_, index) => `folder-${index}`)), []);
    expect(kinds.toCount()).toEqual([]);
  });

  it('stay known beside any number of texts that come once', () => {
    const kinds = makeKinds();
    const usual = Array.from({ length: 9_000 }, () => 'usual');
    const once = Array.from({ length: 2_500 }, (_, index) => `folder-${index}`);
    kinds.learn(rowsIn([...usual, ...once]), []);
    expect(headsOf(kinds)[0]).toBe('file:///usual/');
    expect(kinds.toCount()).toHaveLength(1);
  });

  it('leave out rows without meta_data, and texts too long for a statement', () => {
    const kinds = makeKinds();
    const location = makeLocation();
    const value = `file:///${'x'.repeat(2_000)}/${location.imageId}`;
    kinds.learn([{ location: { ...location, metaData: null }, decision: current }], []);
    kinds.learn([{ location: { ...location, value }, decision: current }], []);
    expect(kinds.toCount()).toEqual([]);
  });

  it('have the row met last for their example, as an earlier one may have changed', () => {
    const kinds = makeKinds();
    const [row] = rowsIn(['a']);
    if (row === undefined) throw new Error('there is no row');
    const rowOf = (id: number) => ({ ...row, location: { ...row.location, id } });
    kinds.learn([rowOf(1), rowOf(2)], []);
    expect(kinds.toCount()).toMatchObject([{ example: 2 }]);
    kinds.learn([rowOf(3)], []);
    expect(kinds.toCount()).toMatchObject([{ example: 3 }]);
  });

  it('are not learnt from a few rows that were read beside many counted ones', () => {
    const kinds = makeKinds();
    kinds.learn(rowsIn(['a', 'a']), []);
    const [a] = kinds.toCount();
    if (a === undefined) throw new Error('a kind was not learnt');
    kinds.learn(rowsIn(['b', 'b']), [{ kind: a, count: 98 }]);
    expect(headsOf(kinds)).toEqual(['file:///a/', 'file:///b/']);
    kinds.learn(rowsIn(['c', 'c']), [{ kind: a, count: 99 }]);
    expect(headsOf(kinds)).toEqual(['file:///a/', 'file:///b/']);
  });
});
