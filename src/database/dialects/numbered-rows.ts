/**
 * The rows of a statement: the condition for them, and an expression for the number of the group that a row belongs
 * to.
 */
export interface NumberedRows {
  readonly condition: string;
  /** -1 for rows of the first group, -2 for those of the second; something else for a row of none */
  readonly number: string;
}

/**
 * An expression for the byte of a literal at a position; `hex` are its bytes, `position` an expression that counts
 * from 0.
 */
export type ByteAt = (hex: string, position: string) => string;

/**
 * How many ids a stretch may have for each of its rows. Of three nodes of a Galera cluster each takes every third id.
 * Where there is more between the rows, the server would go through too much that is not theirs.
 */
const mostIdsPerRow = 4;

/**
 * Where the rows lie close together they are found by one search of the index, and a byte for each id of the stretch
 * says which group it belongs to: shorter than lists, and nothing to search for each row.
 *
 * @param groups ids, at most 255 groups; one at least has an id
 */
export function numberRows(groups: readonly (readonly number[])[], byteAt: ByteAt): NumberedRows {
  const all = groups.flat();
  const first = all.reduce((lowest, id) => Math.min(lowest, id), Infinity);
  const last = all.reduce((highest, id) => Math.max(highest, id), 0);
  const width = last - first + 1;
  if (width > all.length * mostIdsPerRow) {
    const sorted = Float64Array.from(all).sort();
    return { condition: `id IN (${sorted.join(', ')})`, number: numberByLists(groups) };
  }
  const condition = `id BETWEEN ${first} AND ${last}`;
  if (groups.length === 1 && width === all.length) return { condition, number: '-1' };
  const map = Buffer.alloc(width);
  for (const [index, ids] of groups.entries()) for (const id of ids) map[id - first] = index + 1;
  // Without spaces: knex parts a statement from what failed by ` - `.
  return { condition, number: `-${byteAt(map.toString('hex'), `id-${first}`)}` };
}

/** The ids of the first group need no list. */
function numberByLists(groups: readonly (readonly number[])[]): string {
  const others = groups
    .slice(1)
    .map((ids, index) => `WHEN id IN (${ids.join(', ')}) THEN ${-2 - index}`);
  return others.length === 0 ? '-1' : `CASE ${others.join(' ')} ELSE -1 END`;
}
