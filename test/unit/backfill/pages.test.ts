import { describe, expect, it } from 'vitest';
import { type Page, readPages } from '../../../src/backfill/pages.ts';
import type { PageRange } from '../../../src/database/location-table.ts';
import { makeLocation } from '../../support/locations.ts';

/** A table of these ids, and the ranges it was asked for. */
function makeTable(ids: readonly number[], metaData = '{}') {
  const asked: PageRange[] = [];
  const readPage = (range: PageRange): Promise<Page> => {
    asked.push(range);
    const rows = ids.filter((id) => id > range.after && id <= range.last).slice(0, range.limit);
    const end = rows.length < range.limit ? range.last : (rows.at(-1) ?? range.last);
    return Promise.resolve({
      counted: [],
      ofKinds: [],
      rows: rows.map((id) => makeLocation({ id, metaData })),
      end,
    });
  };
  return { asked, readPage };
}

interface Cut {
  readonly last: number;
  readonly size: number;
  readonly width?: number;
}

/** The ids on each page that has any. */
async function collect(
  ids: readonly number[],
  { last, size, width = size }: Cut,
): Promise<number[][]> {
  const pages: number[][] = [];
  for await (const { rows } of readPages(makeTable(ids).readPage, { last, size, width })) {
    if (rows.length > 0) pages.push(rows.map(({ id }) => id));
  }
  return pages;
}

describe('pages', () => {
  it('go through the table in key order, gaps and all', async () => {
    const pages = await collect([1, 2, 5, 900, 901], { last: 901, size: 2 });
    expect(pages.flat()).toEqual([1, 2, 5, 900, 901]);
  });

  it('hold no more rows than asked, also where a stretch of ids has more', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => index + 70);
    const pages = await collect(ids, { last: 100, size: 4, width: 100 });
    expect(pages.flat()).toEqual(ids);
    expect(Math.max(...pages.map((page) => page.length))).toBe(4);
  });

  it('get shorter where texts are long, and go through the table all the same', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => index + 1);
    const { readPage } = makeTable(ids, 'x'.repeat(900_000));
    const pages: number[][] = [];
    for await (const { rows } of readPages(readPage, { last: 20, size: 6, width: 6 })) {
      pages.push(rows.map(({ id }) => id));
    }
    expect(pages.flat()).toEqual(ids);
    // The second page was under way when the first one told how long its texts are.
    expect(pages.map(({ length }) => length)).toEqual([6, 6, 2, 2, 2, 2]);
  });

  it('yield nothing for an empty table and end on an exact multiple of their size', async () => {
    expect(await collect([], { last: 0, size: 2 })).toEqual([]);
    expect(await collect([1, 2, 3, 4], { last: 4, size: 2 })).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('leave rows above the last id to the next run', async () => {
    expect(await collect([1, 2, 3], { last: 2, size: 10 })).toEqual([[1, 2]]);
  });

  it('take ever wider stretches where ids are sparse, and narrow ones again where they are not', async () => {
    const dense = Array.from({ length: 200 }, (_, index) => index + 1_000_000);
    const table = makeTable([1, ...dense]);
    const seen: number[] = [];
    for await (const { rows } of readPages(table.readPage, { last: 2e6, size: 10, width: 10 })) {
      seen.push(...rows.map(({ id }) => id));
    }
    expect(seen).toEqual([1, ...dense]);
    expect(table.asked.length).toBeLessThan(400);
    const widths = table.asked.map(({ after, last }) => last - after);
    expect(Math.max(...widths)).toBe(10_000);
  });

  it('read the next two while the caller works on one', async () => {
    const table = makeTable([1, 2, 3, 4, 5, 6, 7, 8]);
    const pages = readPages(table.readPage, { last: 8, size: 2, width: 2 });
    await pages.next();
    expect(table.asked.map(({ after }) => after)).toEqual([0, 2]);
    await pages.next();
    expect(table.asked.map(({ after }) => after)).toEqual([0, 2, 4]);
  });

  it('throw what reading a page threw', async () => {
    const gone = () => Promise.reject(new Error('server has gone'));
    await expect(readPages(gone, { last: 4, size: 2, width: 2 }).next()).rejects.toThrow(
      'server has gone',
    );
  });
});
