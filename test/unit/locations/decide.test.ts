import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecider, type DeciderOptions } from '../../../src/locations/decide.ts';
import type { Decision } from '../../../src/locations/decision.ts';
import { createDecrypter } from '../../../src/locations/encryption.ts';
import type { Match } from '../../../src/locations/match.ts';
import { createMetaDataReader } from '../../../src/locations/meta-data.ts';
import { objectTexts, render } from '../../support/json-text.ts';
import { encrypt } from '../../support/encryption.ts';

const deviation = { rule: 'path-boundary', glanceStore: 'slow', store: 'fast' } as const;

/** What each URL of these tests matches. */
const matches: Readonly<Record<string, Match>> = {
  'file:///fast/1': { kind: 'one', store: 'fast', deviation: null },
  'file:///slow/1': { kind: 'one', store: 'slow', deviation: null },
  'file:///deviating/1': { kind: 'one', store: 'fast', deviation },
  'file:///unnamed/1': { kind: 'one', store: '', deviation: null },
  'file:///shared/1': { kind: 'many', stores: ['fast', 'slow'], deviation },
  'file:///gone/1': { kind: 'none', reason: 'no such path', nearestStore: 'fast', deviation },
};

const defaults: DeciderOptions = {
  enabledStoreIds: new Set(['fast', 'slow', '']),
  matcher: (url) => matches[url] ?? { kind: 'not-a-url' },
  hasClaim: () => false,
  decrypter: createDecrypter(undefined),
  metaDataReader: createMetaDataReader(),
  onlyMissing: false,
  replaceContradicting: false,
  metaDataCapacity: 65_535,
};

function decide(
  value: string,
  metaData: string | null,
  options: Partial<DeciderOptions> = {},
): Decision {
  const location = { id: 1, imageId: 'image', value, metaData, status: 'active', deleted: false };
  return createDecider({ ...defaults, ...options })(location);
}

describe('a location without a store', () => {
  it.each([
    [null, '{"store": "fast"}'],
    ['', '{"store": "fast"}'],
    ['{}', '{"store": "fast"}'],
    ['{"store": null}', '{"store": "fast"}'],
    ['{"backend": "slow"}', '{"backend": "slow", "store": "fast"}'],
  ])('with meta_data %j is assigned the one that its URL matches', (metaData, after) => {
    expect(decide('file:///fast/1', metaData)).toEqual({
      kind: 'assigned',
      url: 'file:///fast/1',
      store: 'fast',
      metaData: after,
      deviation: null,
    });
  });

  it('is assigned one with --only-missing too', () => {
    expect(decide('file:///fast/1', '{}', { onlyMissing: true }).kind).toBe('assigned');
  });

  it('says where Glance would have chosen otherwise', () => {
    expect(decide('file:///deviating/1', '{}')).toMatchObject({ kind: 'assigned', deviation });
  });
});

describe('a location whose store is not enabled', () => {
  it.each([
    ['{"store": "gone", "a": 1}', '"gone"', '{"store": "fast", "a": 1}'],
    ['{"store": "FAST"}', '"FAST"', '{"store": "fast"}'],
    ['{"store": "os_glance_staging_store"}', '"os_glance_staging_store"', '{"store": "fast"}'],
    ['{"store": 5}', '5', '{"store": "fast"}'],
    ['{"store": ["fast"]}', '["fast"]', '{"store": "fast"}'],
    ['{"store": "fast", "store": "gone"}', '"gone"', '{"store": "fast", "store": "fast"}'],
  ])('as in %s, gets the one that its URL matches', (metaData, previousStore, after) => {
    expect(decide('file:///fast/1', metaData)).toEqual({
      kind: 'replaced',
      url: 'file:///fast/1',
      store: 'fast',
      previousStore,
      metaData: after,
      deviation: null,
    });
  });

  it('is skipped with --only-missing', () => {
    expect(decide('file:///fast/1', '{"store": "gone"}', { onlyMissing: true })).toEqual({
      kind: 'skipped',
      url: 'file:///fast/1',
      store: 'fast',
      previousStore: '"gone"',
    });
  });
});

describe('a location whose store is enabled', () => {
  it.each([
    ['its own store', 'file:///fast/1'],
    ['several stores', 'file:///shared/1'],
    ['no store', 'file:///gone/1'],
    ['nothing, being no URL', 'nonsense'],
    ['nothing, being encrypted', encrypt('0123456789abcdef', 'file:///slow/1')],
  ])('is current when its URL matches %s', (_, value) => {
    expect(decide(value, '{"store": "fast"}')).toEqual({
      kind: 'current',
      store: 'fast',
      contradictedBy: null,
    });
  });

  it('is current when its URL matches another store, which is told with the URL', () => {
    expect(decide('file:///slow/1', '{"store": "fast"}')).toEqual({
      kind: 'current',
      store: 'fast',
      contradictedBy: 'slow',
      url: 'file:///slow/1',
    });
  });

  it('is replaced with --include contradicting when its URL matches another one', () => {
    const options = { replaceContradicting: true };
    expect(decide('file:///slow/1', '{"store": "fast"}', options)).toEqual({
      kind: 'replaced',
      url: 'file:///slow/1',
      store: 'slow',
      previousStore: '"fast"',
      metaData: '{"store": "slow"}',
      deviation: null,
    });
  });

  it('is not contradicted when its own store has a claim on the URL too', () => {
    const hasClaim = (url: string, storeId: string) =>
      url === 'file:///slow/1' && storeId === 'fast';
    const options = { hasClaim, replaceContradicting: true };
    expect(decide('file:///slow/1', '{"store": "fast"}', options)).toEqual({
      kind: 'current',
      store: 'fast',
      contradictedBy: null,
    });
  });

  it.each(['file:///fast/1', 'file:///shared/1', 'file:///gone/1', 'nonsense'])(
    'is left as it is with --include contradicting when the URL is %s',
    (value) => {
      const options = { replaceContradicting: true };
      expect(decide(value, '{"store": "fast"}', options).kind).toBe('current');
    },
  );

  it('is left as it is with --include contradicting --only-missing', () => {
    const options = { replaceContradicting: true, onlyMissing: true };
    expect(decide('file:///slow/1', '{"store": "fast"}', options)).toMatchObject({
      ...{ kind: 'current', store: 'fast', contradictedBy: 'slow' },
    });
  });
});

describe('a location that no store can be chosen for', () => {
  it.each([
    ['{}', null],
    ['{"store": "gone"}', '"gone"'],
  ])('is unmatched, with the reason: meta_data %s', (metaData, previousStore) => {
    expect(decide('file:///gone/1', metaData)).toEqual({
      kind: 'unmatched',
      url: 'file:///gone/1',
      reason: 'no such path',
      nearestStore: 'fast',
      previousStore,
      deviation,
    });
  });

  it.each([
    ['{}', null],
    ['{"store": "gone"}', '"gone"'],
  ])('is ambiguous when several match: meta_data %s', (metaData, previousStore) => {
    expect(decide('file:///shared/1', metaData)).toEqual({
      kind: 'ambiguous',
      url: 'file:///shared/1',
      stores: ['fast', 'slow'],
      previousStore,
      deviation,
    });
  });

  it.each(['file:///gone/1', 'file:///shared/1'])(
    'is not called skipped with --only-missing: %s',
    (value) => {
      const options = { onlyMissing: true };
      expect(decide(value, '{"store": "gone"}', options)).toEqual(
        decide(value, '{"store": "gone"}'),
      );
    },
  );
});

describe('a location that cannot be read', () => {
  it.each(['file:///fast/1', 'file:///gone/1', 'nonsense'])(
    'says so of meta_data before all else: %s',
    (value) => {
      expect(decide(value, '[]')).toEqual({
        kind: 'unreadable',
        reason: 'meta_data is a JSON list, not an object',
      });
    },
  );

  it('says that its value is not a URL', () => {
    expect(decide('nonsense', '{}')).toEqual({ kind: 'unreadable', reason: 'value is not a URL' });
  });

  it('asks for the key of an encrypted value', () => {
    expect(decide(encrypt('0123456789abcdef', 'file:///fast/1'), '{}')).toEqual({
      kind: 'unreadable',
      reason: 'value is encrypted; set metadata_encryption_key',
    });
  });

  it('is read with that key, and its URL handed on in clear', () => {
    const decrypter = createDecrypter('0123456789abcdef');
    const value = encrypt('0123456789abcdef', 'file:///fast/1');
    expect(decide(value, '{}', { decrypter })).toMatchObject({
      kind: 'assigned',
      url: 'file:///fast/1',
    });
  });
});

describe('a meta_data that is full', () => {
  const noRoom = {
    kind: 'unreadable',
    reason: 'meta_data has no room for the store: the text would be longer than its column holds',
  };
  const full = `{"a": "é"}`; // 11 bytes in 10 characters

  it.each([
    [28, 'assigned'],
    [27, 'unreadable'],
  ])('is written up to the last byte: %i bytes', (metaDataCapacity, kind) => {
    expect(decide('file:///fast/1', full, { metaDataCapacity }).kind).toBe(kind);
  });

  it('has no room for a store', () => {
    expect(decide('file:///fast/1', full, { metaDataCapacity: 20 })).toEqual(noRoom);
    expect(decide('file:///fast/1', '{"store": "a"}', { metaDataCapacity: 16 })).toEqual(noRoom);
  });

  it('has room for a shorter store, and any without a limit', () => {
    const options = { metaDataCapacity: 17 };
    expect(decide('file:///fast/1', '{"store": "longer"}', options).kind).toBe('replaced');
    expect(decide('file:///fast/1', full, { metaDataCapacity: Infinity }).kind).toBe('assigned');
  });
});

it('a decision that would not change the text is current', () => {
  expect(decide('file:///unnamed/1', '{"store": ""}')).toEqual({
    kind: 'current',
    store: '',
    contradictedBy: null,
  });
});

it('what was written is current the next time', () => {
  const value = fc.constantFrom(...Object.keys(matches));
  fc.assert(
    fc.property(
      value,
      objectTexts.map((object) => render(object)),
      (url, metaData) => {
        const first = decide(url, metaData);
        fc.pre(first.kind === 'assigned' || first.kind === 'replaced');
        expect(first.metaData).not.toBe(metaData);
        expect(decide(url, first.metaData)).toEqual({
          kind: 'current',
          store: first.store,
          contradictedBy: null,
        });
      },
    ),
  );
});
