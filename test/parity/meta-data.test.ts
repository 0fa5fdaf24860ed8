import { describe, expect, it } from 'vitest';
import { readMetaData, withStore } from '../../src/locations/meta-data.ts';
import { goldenCases, type GoldenLine } from '../support/golden.ts';

/** Texts that json.dumps did not write: Glance writes them anew as a whole, here they are edited. */
const editedNotRewritten: Readonly<Record<string, string>> = {
  ' { } ': ' {"store": "x" } ',
  '\n{\t"a" :\r\n 1 }\n': '\n{\t"a" :\r\n 1, "store": "x" }\n',
  '{"a":1,"b":[1,2]}': '{"a":1,"b":[1,2], "store": "x"}',
  '{"dup": 1, "dup": 2, "x": 3}': '{"dup": 1, "dup": 2, "x": 3, "store": "x"}',
  '{"esc": "\\u0041\\u002F\\/"}': '{"esc": "\\u0041\\u002F\\/", "store": "x"}',
  '{"café": "日本", "emoji": "😀"}': '{"café": "日本", "emoji": "😀", "store": "x"}',
  '{"a": 1e400}': '{"a": 1e400, "store": "x"}',
  '{"ls": "\u2028", "n": 0.30000000000000004}':
    '{"ls": "\u2028", "n": 0.30000000000000004, "store": "x"}',
  '{"f": 1.10, "e": 1E5, "i": 1.0e0, "m": -0}':
    '{"f": 1.10, "e": 1E5, "i": 1.0e0, "m": -0, "store": "x"}',
  '{"f1": 1.0, "f2": 1e+16, "f3": 1e-07, "f4": 123456789.125, "f5": 1e22, "f6": 123456789012345680000.0}':
    '{"f1": 1.0, "f2": 1e+16, "f3": 1e-07, "f4": 123456789.125, "f5": 1e22, "f6": 123456789012345680000.0, "store": "x"}',
};

/** Texts on which a GET by Glance fails, and which are mended here: they are filled, or their store is stale. */
const mended: readonly (string | null)[] = [null, '', '{"store": ["a"]}'];

/** Of a repeated `store` Glance keeps one; here each is set. */
const repeatedStore = /^\{"store": "\w+", "store": "retired"\}$/;

/** Every golden line, of both releases. */
const lines = goldenCases().flatMap(({ zed, master }) => [...zed.lines, ...master.lines]);

/** The texts of the wanted lines, each once, with the line it comes from. */
function texts(wanted: (line: GoldenLine) => boolean): [string | null, GoldenLine][] {
  const found = lines.filter(wanted).map((line) => [JSON.stringify(line.metaData), line] as const);
  return [...new Map(found).values()].map((line) => [line.metaData, line]);
}

const readStore = (text: string | null) => {
  const metaData = readMetaData(text);
  if (metaData.kind === 'unreadable') throw new Error(metaData.reason);
  return metaData.store;
};

const edit = (text: string | null, storeId: string) => {
  const metaData = readMetaData(text);
  if (metaData.kind === 'unreadable') throw new Error(metaData.reason);
  return withStore(metaData, storeId);
};

/** Whether Glance read the text, found its store missing or stale, and wrote another one. */
function gotStore({ metaData, saved, store }: GoldenLine): boolean {
  if (!saved || typeof store !== 'string') return false;
  const before = readStore(metaData);
  return before.kind !== 'id' || before.id !== store;
}

const isMetaDataError = ({ error }: GoldenLine) =>
  error !== undefined && !/Invalid IPv6 URL|under NFKC normalization/.test(error);

const isKnownDifference = ({ metaData }: GoldenLine) =>
  metaData !== null && (metaData in editedNotRewritten || repeatedStore.test(metaData));

describe('a text that Glance gives a store', () => {
  const plain = lines.filter((line) => gotStore(line) && !isKnownDifference(line));

  it('becomes byte for byte what Glance writes', () => {
    expect(plain.length).toBeGreaterThan(2_000);
    for (const { metaData, metaDataAfter, store } of plain) {
      expect(edit(metaData, String(store))).toBe(metaDataAfter);
    }
  });

  it.each(Object.entries(editedNotRewritten))('is edited, not rewritten: %j', (before, after) => {
    const golden = lines.filter((line) => gotStore(line) && line.metaData === before);
    expect(golden).not.toEqual([]);
    expect(edit(before, 'x')).toBe(after);
    for (const { metaDataAfter, store } of golden) {
      expect(metaDataAfter).not.toBe(edit(before, String(store)));
    }
  });

  it('has every repeated store set', () => {
    const golden = texts((line) => gotStore(line) && repeatedStore.test(line.metaData ?? ''));
    expect(golden).not.toEqual([]);
    for (const [before, { metaDataAfter }] of golden) {
      expect(metaDataAfter).toMatch(/^\{"store": "\w+"\}$/);
      expect(edit(before, 'x')).toBe('{"store": "x", "store": "x"}');
    }
  });
});

it('the store of a text is the one that Glance reads', () => {
  for (const { metaData, store } of lines.filter(
    ({ saved, error }) => !saved && error === undefined,
  )) {
    expect(readStore(metaData)).toEqual(
      isFalse(store)
        ? { kind: 'none' }
        : typeof store === 'string'
          ? { kind: 'id', id: store, text: JSON.stringify(store) }
          : { kind: 'other', text: JSON.stringify(store) },
    );
  }
});

describe('a text that makes a GET by Glance fail', () => {
  const failing = texts(isMetaDataError);

  it.each(failing.filter(([text]) => !mended.includes(text)))('is unreadable: %j', (text) => {
    expect(readMetaData(text).kind).toBe('unreadable');
  });

  it.each(mended.map((text) => [text]))('is mended: %j', (text) => {
    expect(failing.map(([failed]) => failed)).toContain(text);
    expect(edit(text, 'x')).toBe('{"store": "x"}');
  });
});

/** Python's `not value`, for the values golden lines hold. */
function isFalse(value: unknown): boolean {
  return value === null || value === false || value === '' || JSON.stringify(value) === '{}';
}
