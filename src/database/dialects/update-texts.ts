import type { LockedLocation, MetaDataUpdate } from '../location-table.ts';
import type { Statement, TextUpdate } from './dialect.ts';

/** The ids by the text they get, lowest first; `locked` is what may be written. */
export function groupByText(
  updates: readonly MetaDataUpdate[],
  locked: readonly LockedLocation[],
): readonly TextUpdate[] {
  const writable = new Set(locked.map(({ id }) => id));
  const groups = new Map<string | null, number[]>();
  for (const { id, metaData } of [...updates].sort((a, b) => a.id - b.id)) {
    if (!writable.delete(id)) throw new Error(`location ${id} is not locked, or is updated twice`);
    const group = groups.get(metaData);
    if (group === undefined) groups.set(metaData, [id]);
    else group.push(id);
  }
  return [...groups].map(([metaData, ids]) => ({ metaData, ids }));
}

/** Texts of one statement, and the bytes that they may have together; a text that is longer has one to itself. */
const mostTexts = 64;
const mostBytes = 65_535;

/**
 * Shares updates out to statements: with one for each text a batch whose texts all differ would hold its locks for as
 * many round trips as it has rows.
 */
export function shareOut(updates: Iterable<TextUpdate>): readonly (readonly TextUpdate[])[] {
  const statements: TextUpdate[][] = [];
  let bytes = 0;
  for (const update of updates) {
    const length = Buffer.byteLength(update.metaData ?? '');
    const last = statements.at(-1);
    if (last !== undefined && last.length < mostTexts && bytes + length <= mostBytes) {
      last.push(update);
      bytes += length;
    } else {
      statements.push([update]);
      bytes = length;
    }
  }
  return statements;
}

/**
 * The statement of `Dialect.update`.
 *
 * @param table the table, with what makes the server find its rows by id
 */
export function updateTexts(
  table: string,
  updates: readonly TextUpdate[],
  updatedAt: string,
): Statement {
  const isOneOf = (ids: readonly number[]): string => `id IN (${ids.join(', ')})`;
  const texts = updates.map(({ ids }) => `WHEN ${isOneOf(ids)} THEN ?`);
  const text = updates.length === 1 ? '?' : `CASE ${texts.join(' ')} END`;
  const rows = isOneOf(updates.flatMap(({ ids }) => ids));
  return {
    sql: `UPDATE ${table} SET meta_data = ${text}, updated_at = ? WHERE ${rows}`,
    bindings: [...updates.map(({ metaData }) => metaData), updatedAt],
  };
}
