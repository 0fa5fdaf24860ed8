import { describe, expect, it } from 'vitest';
import { readPages } from '../../../src/backfill/pages.ts';
import type { PageRange, Scope } from '../../../src/database/location-table.ts';
import { makeLocation } from '../../support/locations.ts';

const scope: Scope = { pendingDelete: false, imageIds: undefined };

/** A table of these ids, and the ranges it was asked for. */
function makeTable(ids: readonly number[]) {
  const asked: PageRange[] = [];
  const readPage = (_scope: Scope, range: PageRange) => {
    asked.push(range);
    const rows = ids.filter((id) => id > range.after && id <= range.last).slice(0, range.limit);
    return Promise.resolve(rows.map((id) => makeLocation({ id })));
  };
  return { asked, readPage };
}

async function collect(ids: readonly number[], last: number, size: number): Promise<number[][]> {
  const pages: number[][] = [];
  for await (const page of readPages(makeTable(ids).readPage, { scope, last, size }))
    pages.push(page.map(({ id }) => id));
  return pages;
}

describe('pages', () => {
  it('go through the table in key order, gaps and all', async () => {
    expect(await collect([1, 2, 5, 900, 901], 901, 2)).toEqual([[1, 2], [5, 900], [901]]);
  });

  it('yield nothing for an empty table and end on an exact multiple of their size', async () => {
    expect(await collect([], 0, 2)).toEqual([]);
    expect(await collect([1, 2, 3, 4], 4, 2)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('leave rows above the last id to the next run', async () => {
    expect(await collect([1, 2, 3], 2, 10)).toEqual([[1, 2]]);
  });

  it('read the next page while the caller works on one', async () => {
    const table = makeTable([1, 2, 3, 4]);
    const pages = readPages(table.readPage, { scope, last: 4, size: 2 });
    await pages.next();
    expect(table.asked.map(({ after }) => after)).toEqual([0, 2]);
  });

  it('throw what reading a page threw', async () => {
    const pages = readPages(() => Promise.reject(new Error('server has gone')), {
      ...{ scope, last: 4, size: 2 },
    });
    await expect(pages.next()).rejects.toThrow('server has gone');
  });
});
