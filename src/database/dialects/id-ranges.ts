/**
 * The condition for exactly these rows. Where most ids of a stretch are among them it is a range with gaps: that is one
 * search of the index, a list is one for each id.
 *
 * @param ids at least one
 */
export function exactly(ids: readonly number[]): string {
  const sorted = Float64Array.from(ids).sort();
  const [first, last] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  if (last - first + 1 >= sorted.length * 2) return `id IN (${sorted.join(', ')})`;
  const gaps = findGaps(sorted);
  const range = `id BETWEEN ${first} AND ${last}`;
  return gaps.length === 0 ? range : `${range} AND id NOT IN (${gaps.join(', ')})`;
}

/** The ids between the lowest and the highest that are not there. */
function findGaps(sorted: Float64Array): number[] {
  const gaps: number[] = [];
  let next = sorted[0] ?? 0;
  for (const id of sorted) {
    while (next < id) gaps.push(next++);
    next = id + 1;
  }
  return gaps;
}
