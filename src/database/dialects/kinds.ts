import type { KindUpdate, PageRange, RowKind } from '../location-table.ts';
import { exactly } from './id-ranges.ts';
import { type Binding, plain, type Statement } from './dialect.ts';

/** How a dialect writes what it takes to tell a row's kind. */
export interface KindSql {
  /** the table, with what makes the server go through it by id */
  readonly table: string;
  /** @param hex the bytes of a text, in UTF-8; the literal is compared byte by byte */
  readonly literal: (hex: string) => string;
  /** joins texts */
  readonly concat: (parts: readonly string[]) => string;
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

/** What a statement of `Dialect.updateKinds` goes by. */
export interface UpdateByKind {
  /** the condition for rows in scope */
  readonly filter: string;
  readonly updates: readonly KindUpdate[];
  readonly updatedAt: Binding;
}

/** The statement of `Dialect.updateKinds`. */
export function updateKindsBy(
  sql: KindSql,
  { filter, updates, updatedAt }: UpdateByKind,
): Statement {
  const number = kindNumber(
    updates.map(({ kind }) => kind),
    sql,
  );
  const texts = updates.map((_, index) => `WHEN ${-1 - index} THEN ?`);
  const rows = exactly(updates.flatMap(({ ids }) => ids));
  return {
    sql:
      `UPDATE ${sql.table} SET meta_data = CASE ${number} ${texts.join(' ')} END, updated_at = ?` +
      ` WHERE ${rows} AND ${filter} AND ${number} = ${expectedNumber(updates)}`,
    bindings: [...updates.map(({ metaData }) => metaData), updatedAt],
  };
}

/**
 * An expression for the number of the kind that a row is given with: one that has become of another kind of the statement must
 * not be taken for what it was. The ids of the first kind need no list.
 */
function expectedNumber(updates: readonly KindUpdate[]): string {
  const others = updates
    .slice(1)
    .map(({ ids }, index) => `WHEN id IN (${ids.join(', ')}) THEN ${-2 - index}`);
  return others.length === 0 ? '-1' : `CASE ${others.join(' ')} ELSE -1 END`;
}

/**
 * An expression for the number of a row's kind. The text of `meta_data` comes first: there are few,
 * so most rows are compared with the URLs of one of them only.
 *
 * The server cannot cheaply check that an image id is a UUID, which it is in all that Glance has written. Where it is
 * not as long as one, or is an exception, the row is of no kind.
 */
function kindNumber(kinds: readonly RowKind[], { literal, concat }: KindSql): string {
  // In hexadecimal there is nothing to quote.
  const text = (value: string): string => literal(Buffer.from(value).toString('hex'));
  const numbered = kinds.map((kind, index) => ({ ...kind, number: -1 - index }));
  const branches = [...new Set(kinds.map(({ metaData }) => metaData))].map((metaData) => {
    const urls = numbered
      .filter((kind) => kind.metaData === metaData)
      .map(({ url: { head, tail }, number }) => {
        const parts = [text(head), 'image_id', ...(tail === '' ? [] : [text(tail)])];
        return `WHEN value = ${concat(parts)} THEN ${number}`;
      });
    return `WHEN meta_data = ${text(metaData)} THEN CASE ${urls.join(' ')} ELSE id END`;
  });
  return `CASE WHEN ${isExcepted(kinds, text)} THEN id ${branches.join(' ')} ELSE id END`;
}

function isExcepted(kinds: readonly RowKind[], text: (value: string) => string): string {
  const exceptions = [...new Set(kinds.flatMap(({ url }) => url.exceptions))].map(text);
  const listed = exceptions.length === 0 ? '' : ` OR LOWER(image_id) IN (${exceptions.join(', ')})`;
  return `LENGTH(image_id) <> 36${listed}`;
}
