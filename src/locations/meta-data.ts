import { JsonFault, scanDocument, type Member, type Span } from './json-text.ts';

/**
 * The value of `store` as Python's `metadata.get('store')` gives it.
 *
 * `none`: absent, or anything Python calls false. `text` is the JSON text of the value as it stands.
 * Of a repeated `store` the last one counts.
 */
export type StoreValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'id'; readonly id: string; readonly text: string }
  | { readonly kind: 'other'; readonly text: string };

/** Where a store's id goes: after the last member, or in the place of every `store` there is. */
type StorePlace =
  | { readonly kind: 'insert'; readonly at: number; readonly separator: '' | ', ' }
  | { readonly kind: 'replace'; readonly values: readonly Span[] };

/**
 * A `meta_data` that can be edited. `text` is what is edited: the column's text, or `{}` where that is NULL or empty.
 */
export interface MetaDataObject {
  readonly kind: 'object';
  readonly text: string;
  readonly store: StoreValue;
  readonly place: StorePlace;
}

/** A column `meta_data`, read. `reason` is for people, and the same for all texts of one fault. */
export type MetaData = MetaDataObject | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads a column `meta_data`; never throws. */
export type MetaDataReader = (text: string | null) => MetaData;

const jsonKinds: Readonly<Record<string, string>> = {
  '[': 'a JSON list',
  '"': 'a JSON string',
  n: 'JSON null',
  t: 'a JSON boolean',
  f: 'a JSON boolean',
};

/**
 * Reads a column `meta_data`: an object, where it is one to Python's `json.loads`
 * (glance/db/sqlalchemy/models.py, JSONEncodedDict).
 *
 * @param text NULL and the empty text count as `{}`: there a GET by Glance fails, and a store mends it
 */
export function readMetaData(text: string | null): MetaData {
  if (text === null || text === '') return readMetaData('{}');
  // What a database driver puts in the place of bytes that are no UTF-8; writing it back would lose them.
  if (text.includes('\ufffd')) return unreadable('holds U+FFFD, the sign of damaged text');
  try {
    return readDocument(text);
  } catch (error) {
    if (error instanceof JsonFault) return unreadable(error.message);
    throw error;
  }
}

/**
 * A reader that remembers what it has read: a table has millions of rows and a few texts.
 *
 * @param capacity texts to remember before it starts afresh; long ones are not remembered
 */
export function createMetaDataReader(capacity = 4096): MetaDataReader {
  const longest = 1024;
  const known = new Map<string, MetaData>();
  return (text) => {
    const key = text ?? '';
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const metaData = readMetaData(key);
    if (known.size >= capacity) known.clear();
    if (key.length <= longest) known.set(key, metaData);
    return metaData;
  };
}

/**
 * The column text with `store` set, all else left byte for byte.
 *
 * For a text that Python's `json.dumps` wrote this is what `json.dumps` would write: a new `store` comes last, one that
 * is there keeps its place. In a text of any other style, too, a new one follows the last member as `, "store": "x"`;
 * of a repeated `store` every value is set, so that it does not matter which one a reader takes.
 */
export function withStore({ text, place }: MetaDataObject, storeId: string): string {
  const value = dumpString(storeId);
  if (place.kind === 'insert') {
    const member = `${place.separator}"store": ${value}`;
    return text.slice(0, place.at) + member + text.slice(place.at);
  }
  // From the last to the first: so the places of those still to come stay right.
  return place.values.reduceRight(
    (edited, { start, end }) => edited.slice(0, start) + value + edited.slice(end),
    text,
  );
}

function readDocument(text: string): MetaData {
  const { span, members } = scanDocument(text);
  const first = text.charAt(span.start);
  if (first !== '{') return unreadable(`is ${jsonKinds[first] ?? 'a JSON number'}, not an object`);
  const values = members
    .filter(({ key }) => isStoreKey(slice(text, key)))
    .map(({ value }) => value);
  const last = values.at(-1);
  return {
    kind: 'object',
    text,
    store: last === undefined ? { kind: 'none' } : readStoreValue(slice(text, last)),
    place: last === undefined ? placeAfter(members, span) : { kind: 'replace', values },
  };
}

function placeAfter(members: readonly Member[], object: Span): StorePlace {
  const last = members.at(-1);
  return last === undefined
    ? { kind: 'insert', at: object.start + 1, separator: '' }
    : { kind: 'insert', at: last.value.end, separator: ', ' };
}

function isStoreKey(json: string): boolean {
  return json.includes('\\') ? readString(json) === 'store' : json === '"store"';
}

function readStoreValue(json: string): StoreValue {
  if (isFalse(json)) return { kind: 'none' };
  return json.startsWith('"')
    ? { kind: 'id', id: readString(json), text: json }
    : { kind: 'other', text: json };
}

/** Python's `not value`. Zero comes in many spellings, down to `1e-400`, which no float can hold. */
function isFalse(json: string): boolean {
  return /^(?:null|false|""|\[\s*\]|\{\s*\})$/.test(json) || Number(json) === 0;
}

/** The text of a JSON string that `scanDocument` has found sound: there Python and JSON.parse agree. */
function readString(json: string): string {
  return String(JSON.parse(json));
}

/** Python's `json.dumps` of a string: ASCII only. JSON.stringify differs in what is not ASCII, and in U+007F. */
function dumpString(value: string): string {
  if (/^[\w.-]*$/.test(value)) return `"${value}"`; // most store ids, and once a row
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function slice(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

function unreadable(problem: string): MetaData {
  return { kind: 'unreadable', reason: `meta_data ${problem}` };
}
