import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createMetaDataReader,
  readMetaData,
  withStore,
  type MetaDataObject,
} from '../../../src/locations/meta-data.ts';
import { brokenTexts, objectTexts, render } from '../../support/json-text.ts';
import { assign, dumps, pythonObjects } from '../../support/python-json.ts';

function readObject(text: string | null): MetaDataObject {
  const metaData = readMetaData(text);
  if (metaData.kind === 'unreadable') throw new Error(`${String(text)}: ${metaData.reason}`);
  return metaData;
}

const edit = (text: string | null, storeId = 'fast') => withStore(readObject(text), storeId);

describe('the store a meta_data names', () => {
  it.each([
    ['{}'],
    [''],
    [null],
    ['{"backend": "fast"}'],
    ['{"Store": "fast", "store ": "fast"}'],
    ['{"a": {"store": "fast"}}'],
    ['{"a": [{"store": "fast"}]}'],
    ['{"store": null}'],
    ['{"store": false}'],
    ['{"store": ""}'],
    ['{"store": 0}'],
    ['{"store": -0}'],
    ['{"store": 0.0}'],
    ['{"store": 0e9}'],
    ['{"store": 1e-400}'],
    ['{"store": []}'],
    ['{"store": [ ]}'],
    ['{"store": { \n}}'],
    ['{"store": "old", "store": ""}'],
  ])('is none in %j', (text) => {
    expect(readObject(text).store).toEqual({ kind: 'none' });
  });

  it.each([
    ['{"store": "fast"}', 'fast', '"fast"'],
    ['{"a":1,"store":"fast"}', 'fast', '"fast"'],
    ['{"st\\u006fre": "f\\u0061st"}', 'fast', '"f\\u0061st"'],
    ['{"store": "old", "store": "fast"}', 'fast', '"fast"'],
    ['{"store": "fast", "a": {"store": "nested"}}', 'fast', '"fast"'],
    ['{"store": "é"}', 'é', '"é"'],
    ['{"store": "\\ud83d\\ude00"}', '😀', '"\\ud83d\\ude00"'],
    ['{"store": "a\\"b\\\\"}', 'a"b\\', '"a\\"b\\\\"'],
    ['{"store": " "}', ' ', '" "'],
    ['{"store": "0"}', '0', '"0"'],
  ])('in %s is %s', (text, id, json) => {
    expect(readObject(text).store).toEqual({ kind: 'id', id, text: json });
  });

  it.each([
    ['{"store": 5}', '5'],
    ['{"store": true}', 'true'],
    ['{"store": NaN}', 'NaN'],
    ['{"store": -Infinity}', '-Infinity'],
    ['{"store": ["fast"]}', '["fast"]'],
    ['{"store": {"id": "fast"}}', '{"id": "fast"}'],
    ['{"store": 1e-300}', '1e-300'],
  ])('in %s is something other than a name', (text, json) => {
    expect(readObject(text).store).toEqual({ kind: 'other', text: json });
  });
});

describe('setting the store', () => {
  it.each([
    [null, '{"store": "fast"}'],
    ['', '{"store": "fast"}'],
    ['{}', '{"store": "fast"}'],
    ['{"backend": "x"}', '{"backend": "x", "store": "fast"}'],
    ['{"store": "gone"}', '{"store": "fast"}'],
    ['{"store": null}', '{"store": "fast"}'],
    ['{"store": ["a", {"store": 1}], "b": 2}', '{"store": "fast", "b": 2}'],
    ['{"store": "gone", "a": 1, "z": 2}', '{"store": "fast", "a": 1, "z": 2}'],
    ['{"a": {"store": "gone"}}', '{"a": {"store": "gone"}, "store": "fast"}'],
    ['{"store": 1, "a": 0, "store": 22}', '{"store": "fast", "a": 0, "store": "fast"}'],
    ['{"st\\u006fre": "gone"}', '{"st\\u006fre": "fast"}'],
    ['{"dup": 1, "dup": 2}', '{"dup": 1, "dup": 2, "store": "fast"}'],
    ['{"big": 12345678901234567890123}', '{"big": 12345678901234567890123, "store": "fast"}'],
    ['{"n": NaN, "i": -Infinity}', '{"n": NaN, "i": -Infinity, "store": "fast"}'],
    ['{"f": 1.10, "e": 1E5, "m": -0}', '{"f": 1.10, "e": 1E5, "m": -0, "store": "fast"}'],
    ['{"é": "\u2028😀\u007f"}', '{"é": "\u2028😀\u007f", "store": "fast"}'],
    ['{"__proto__": 1, "constructor": 2}', '{"__proto__": 1, "constructor": 2, "store": "fast"}'],
  ])('turns %j into %j', (text, edited) => {
    expect(edit(text)).toBe(edited);
  });

  it.each([
    ['without spaces', '{"a":1,"store":"gone"}', '{"a":1,"store":"fast"}'],
    ['without spaces or a store', '{"a":1}', '{"a":1, "store": "fast"}'],
    ['over several lines', '{\n  "a": 1\n}\n', '{\n  "a": 1, "store": "fast"\n}\n'],
    ['empty but for white space', ' { \n} ', ' {"store": "fast" \n} '],
  ])('keeps the style of a text %s', (_, text, edited) => {
    expect(edit(text)).toBe(edited);
  });

  it.each([
    ['é', '\\u00e9'],
    ['日本', '\\u65e5\\u672c'],
    ['😀', '\\ud83d\\ude00'],
    ['"a\\b"', '\\"a\\\\b\\"'],
    ['a/b\u007f\t\u0001', 'a/b\\u007f\\t\\u0001'],
    ['\ufeff$&$1', '\\ufeff$&$1'],
  ])('writes the id %j as Python does', (storeId, written) => {
    expect(edit('{"store": "gone"}', storeId)).toBe(`{"store": "${written}"}`);
    expect(edit('{}', storeId)).toBe(`{"store": "${written}"}`);
  });

  it('gives what json.dumps would, for any dict that json.dumps wrote', () => {
    fc.assert(
      fc.property(pythonObjects, fc.string({ unit: 'binary', minLength: 1 }), (object, storeId) => {
        expect(edit(dumps(object), storeId)).toBe(dumps(assign(object, 'store', storeId)));
      }),
    );
  });

  it('leaves every other byte as it was, whatever the style', () => {
    fc.assert(
      fc.property(objectTexts, (object) => {
        expect(edit(render(object))).toBe(render(object, '"fast"'));
      }),
    );
  });

  it('changes nothing that a reader sees but the store', () => {
    fc.assert(
      fc.property(objectTexts, (object) => {
        const text = render(object);
        expect(JSON.parse(edit(text))).toEqual({ ...parseObject(text), store: 'fast' });
      }),
    );
  });

  it('changes nothing when done again', () => {
    fc.assert(
      fc.property(objectTexts, (object) => {
        const once = edit(render(object));
        expect(edit(once)).toBe(once);
        expect(readObject(once).store).toEqual({ kind: 'id', id: 'fast', text: '"fast"' });
      }),
    );
  });
});

describe('a meta_data that cannot be used', () => {
  it.each([
    ['null', 'meta_data is JSON null, not an object'],
    ['[]', 'meta_data is a JSON list, not an object'],
    [' "x"', 'meta_data is a JSON string, not an object'],
    ['1', 'meta_data is a JSON number, not an object'],
    ['NaN', 'meta_data is a JSON number, not an object'],
    ['true', 'meta_data is a JSON boolean, not an object'],
    ['[{}, ]', 'meta_data is not valid JSON'],
    ['  ', 'meta_data is not valid JSON'],
    ['{broken', 'meta_data is not valid JSON'],
    ['{"a": 1,}', 'meta_data is not valid JSON'],
    ["{'a': 1}", 'meta_data is not valid JSON'],
    ['{} x', 'meta_data is not valid JSON'],
    ['{}\u00a0', 'meta_data is not valid JSON'],
    ['\ufeff{}', 'meta_data is not valid JSON'],
    ['{"a": "tab\there"}', 'meta_data is not valid JSON'],
    ['{"a": "\\x"}', 'meta_data is not valid JSON'],
    ['{"a": "\\u12"}', 'meta_data is not valid JSON'],
    ['{"a": "\\u123"}', 'meta_data is not valid JSON'],
    ['{"a": +1}', 'meta_data is not valid JSON'],
    ['{"a": 01}', 'meta_data is not valid JSON'],
    ['{"a": 1.}', 'meta_data is not valid JSON'],
    ['{"a": .5}', 'meta_data is not valid JSON'],
    ['{"a": 1e}', 'meta_data is not valid JSON'],
    ['{"a": +Infinity}', 'meta_data is not valid JSON'],
    ['{"a": -NaN}', 'meta_data is not valid JSON'],
    ['{"a": "caf\ufffd"}', 'meta_data holds U+FFFD, the sign of damaged text'],
  ])('%j', (text, reason) => {
    expect(readMetaData(text)).toEqual({ kind: 'unreadable', reason });
  });

  it.each(['1', '-1'])('holds an integer too long for Python: 4301 digits from %s on', (start) => {
    expect(readMetaData(`{"a": ${start}${'0'.repeat(4300)}}`)).toEqual({
      kind: 'unreadable',
      reason: 'meta_data holds an integer of more than 4300 digits, which Python refuses',
    });
    expect(readMetaData(`{"a": ${start}${'0'.repeat(4299)}}`).kind).toBe('object');
    expect(readMetaData(`{"a": ${start}${'0'.repeat(4300)}.0}`).kind).toBe('object');
  });

  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('is nested too deep for Python, in %s', (_, open, close) => {
    const nested = (levels: number) =>
      `{"a": ${open.repeat(levels)}${open === '[' ? '' : '1'}${close.repeat(levels)}}`;
    expect(readMetaData(nested(1_000))).toEqual({
      kind: 'unreadable',
      reason: 'meta_data is nested more than 1000 levels deep',
    });
    expect(readMetaData(nested(999)).kind).toBe('object');
    expect(readMetaData(open.repeat(1_000_000)).kind).toBe('unreadable');
  });

  it('is just what JSON.parse refuses too, NaN and Infinity apart', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          brokenTexts,
          objectTexts.map((object) => render(object)),
        ),
        (text) => {
          fc.pre(text !== '');
          expect(readMetaData(text).kind).toBe(parseObject(text) ? 'object' : 'unreadable');
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('a reader with a memory', () => {
  it('answers as one without', () => {
    const read = createMetaDataReader(3);
    const texts = [
      null,
      '',
      '{}',
      '{"store": "a"}',
      '{broken',
      '[]',
      `{"a": "${'x'.repeat(2_000)}"}`,
    ];
    for (const text of [...texts, ...texts]) expect(read(text)).toEqual(readMetaData(text));
  });

  it('reads a text once', () => {
    const read = createMetaDataReader();
    expect(read('{"store": "a"}')).toBe(read('{"store": "a"}'));
  });

  it('forgets all when it is full', () => {
    const read = createMetaDataReader(2);
    const first = read('{}');
    read('[]');
    expect(read('{}')).toBe(first);
    read('{"a": 1}');
    expect(read('{}')).not.toBe(first);
  });
});

/** undefined where the text is not that of an object. */
function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
