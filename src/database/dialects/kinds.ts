import { createHash } from 'node:crypto';
import type { KindUpdate, PageRange, RowKind } from '../location-table.ts';
import { type Binding, plain, type Statement } from './dialect.ts';
import { type ByteAt, numberRows } from './numbered-rows.ts';

/** Characters of a UUID, each of them one byte. */
const uuidLength = 36;

/** How a dialect writes what it takes to tell a row's kind. */
export interface KindSql {
  /** the table, with what makes the server go through it by id */
  readonly table: string;
  /** the column, as it is to be read */
  readonly imageId: string;
  /** @param hex the bytes of a text, in UTF-8; the literal is compared byte by byte */
  readonly literal: (hex: string) => string;
  /** joins texts */
  readonly concat: (parts: readonly string[]) => string;
  /** how many bytes a column's text has */
  readonly length: (column: string) => string;
  /** the number of a text's first character */
  readonly code: (text: string) => string;
  readonly byteAt: ByteAt;
  /** what a URL begins with, taken from a row; undefined where nobody keeps statements */
  readonly takeHead: ((head: HiddenHead) => string) | undefined;
}

/** What a URL begins with, not named since it holds a login: that has no place in the server's logs. */
export interface HiddenHead {
  /** id of a row whose `value` begins like this, if it has not changed */
  readonly example: number;
  /** characters */
  readonly length: number;
  /** in lower-case hexadecimal; another head is not to be taken */
  readonly sha256: string;
}

/** The statement of `Dialect.countKinds`; `filter` is the condition for rows in scope. */
export function countKindsBy(
  sql: KindSql,
  { range, filter, kinds }: { range: PageRange; filter: string; kinds: readonly RowKind[] },
): Statement {
  return plain(
    `SELECT ${kindNumber(kinds, sql)} AS kind, COUNT(*) FROM ${sql.table}` +
      ` WHERE id > ${range.after} AND id <= ${range.last} AND ${filter}` +
      // As many rows come back as are of no kind, and one for each kind.
      ` GROUP BY kind LIMIT ${range.limit + kinds.length}`,
  );
}

/** The statement of `Dialect.listKinds`; `filter` is the condition for rows in scope. */
export function listKindsBy(
  sql: KindSql,
  { range, filter, kinds }: { range: PageRange; filter: string; kinds: readonly RowKind[] },
): Statement {
  return plain(
    `SELECT id, ${sql.imageId}, ${kindNumber(kinds, sql)} AS kind FROM ${sql.table}` +
      ` WHERE id > ${range.after} AND id <= ${range.last} AND ${filter} ORDER BY id LIMIT ${range.limit}`,
  );
}

/** What a statement of `Dialect.updateKinds` goes by. */
export interface UpdateByKind {
  /** the condition for rows in scope */
  readonly filter: string;
  readonly updates: readonly KindUpdate[];
  readonly updatedAt: Binding;
}

/** The statement of `Dialect.updateKinds`: a row that has become of another kind of the statement is not written. */
export function updateKindsBy(
  sql: KindSql,
  { filter, updates, updatedAt }: UpdateByKind,
): Statement {
  // The example is a row that the statement locks anyway.
  const kinds = updates.map(({ kind, ids: [example = kind.example] }) => ({ ...kind, example }));
  const rows = numberRows(
    updates.map(({ ids }) => ids),
    sql.byteAt,
  );
  const texts = updates.map((_, index) => `WHEN ${-1 - index} THEN ?`).join(' ');
  const text = updates.length === 1 ? '?' : `CASE ${rows.number} ${texts} END`;
  return {
    sql:
      `UPDATE ${sql.table} SET meta_data = ${text}, updated_at = ?` +
      ` WHERE ${rows.condition} AND ${filter} AND ${kindNumber(kinds, sql)} = ${rows.number}`,
    bindings: [...updates.map(({ metaData }) => metaData), updatedAt],
  };
}

/**
 * An expression for the number of a row's kind: -1 for the first one, and so on; its id for a row of none. The length of
 * the URL comes first, a number, which mostly leaves few texts to compare; then `meta_data`, of which there are few.
 *
 * The server cannot cheaply check that an image id is a UUID, which it is in all that Glance has written. Where it is
 * not as long as one, or is an exception, the row is of no kind.
 */
function kindNumber(kinds: readonly RowKind[], sql: KindSql): string {
  const numbered = kinds.map((kind, index) => ({ ...kind, number: -1 - index }));
  const lengthOf = ({ url: { head, tail } }: RowKind): number =>
    Buffer.byteLength(head + tail) + uuidLength;
  const byLength = groupBy(numbered, lengthOf)
    .map(([length, sameLength]) => `WHEN ${length} THEN ${numberByTexts(sameLength, sql)}`)
    .join(' ');
  const number = `CASE ${sql.length('value')} ${byLength} ELSE id END`;
  const exception = exceptionCondition(kinds, sql);
  return exception === undefined ? number : `CASE WHEN ${exception} THEN id ELSE ${number} END`;
}

interface NumberedKind extends RowKind {
  readonly number: number;
}

/** Of kinds whose URLs are equally long. */
function numberByTexts(kinds: readonly NumberedKind[], sql: KindSql): string {
  const byText = groupBy(kinds, ({ metaData }) => metaData)
    .map(
      ([metaData, sameText]) =>
        `WHEN meta_data = ${literal(metaData, sql)} THEN ${numberByUrl(sameText, sql)}`,
    )
    .join(' ');
  return `CASE ${byText} ELSE id END`;
}

function numberByUrl(kinds: readonly NumberedKind[], sql: KindSql): string {
  const byUrl = kinds.map((kind) => `WHEN value = ${urlText(kind, sql)} THEN ${kind.number}`);
  return `CASE ${byUrl.join(' ')} ELSE id END`;
}

/** What `value` is in a row of the kind. Where a head is hidden the server takes it from the example, once a statement. */
function urlText({ url: { head, tail }, example }: RowKind, sql: KindSql): string {
  const start =
    sql.takeHead !== undefined && head.includes('@')
      ? sql.takeHead({ example, length: Array.from(head).length, sha256: sha256(head) })
      : literal(head, sql);
  const end = tail === '' ? [] : [literal(tail, sql)];
  return sql.concat([start, 'image_id', ...end]);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * The condition for a row whose image is an exception; undefined where none is. Few ids begin like one, so few are
 * looked at more closely.
 */
function exceptionCondition(kinds: readonly RowKind[], sql: KindSql): string | undefined {
  const ids = [...new Set(kinds.flatMap(({ url }) => url.exceptions))];
  if (ids.length === 0) return undefined;
  const codes = ids.flatMap((id) => [id.charCodeAt(0), id.toUpperCase().charCodeAt(0)]);
  const list = ids.map((id) => literal(id, sql)).join(', ');
  return `${sql.code('image_id')} IN (${[...new Set(codes)].join(', ')}) AND LOWER(image_id) IN (${list})`;
}

/** In hexadecimal there is nothing to quote. */
function literal(text: string, sql: KindSql): string {
  return sql.literal(Buffer.from(text).toString('hex'));
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): [K, T[]][] {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups];
}
