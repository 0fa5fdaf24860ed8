import type { PageRange } from '../database/location-table.ts';
import { type ImageLocation, textLength } from '../locations/image-location.ts';
import type { RewriteOfKind } from './kind-rewrites.ts';
import type { CountedKind } from './known-kinds.ts';

/** What one look at the table gave: rows in scope, each of them counted, known by its kind or there to be decided. */
export interface Page {
  readonly counted: readonly CountedKind[];
  /** in key order */
  readonly ofKinds: readonly RewriteOfKind[];
  /** in key order */
  readonly rows: readonly ImageLocation[];
  /** all rows up to this id have been looked at */
  readonly end: number;
}

/** Reads at most `limit` rows from the beginning of a stretch of the table. */
export type ReadPage = (range: PageRange) => Promise<Page>;

/** The part of the table a run goes through. */
export interface Pages {
  /** the highest id to read, fixed at the start so that a run ends while Glance keeps inserting */
  readonly last: number;
  /** most rows a page */
  readonly size: number;
  /** ids in the first stretch */
  readonly width: number;
}

/** Pages being read at a time: while one is decided, the server is at work on the next two. */
const ahead = 2;

/** How many times wider than a page a stretch may get, where most ids are gone or out of scope. */
const widest = 1_000;

/** Characters that the texts of a page's rows may have together: a few pages are held at a time. */
const mostText = 2_000_000;

/** Rows that are counted in the time that one is read: more ids at a time, and fewer round trips. */
const countedRowsPerRow = 8;

/** A stretch of ids, the first of its pages under way. */
interface Stretch extends Pick<PageRange, 'after' | 'last'> {
  readonly page: Promise<Page>;
}

/**
 * Yields the table page by page, in key order; while the caller works on one page the next ones are read.
 * Pages by key rather than one long stream: a stream over the whole table would pin a snapshot for the run.
 *
 * Where a page ends is not known before it is read, so the table is cut into stretches of ids, each about a page
 * wide at the density met so far; one that holds more takes several pages.
 */
export async function* readPages(
  readPage: ReadPage,
  { last: end, size, width: firstWidth }: Pages,
): AsyncGenerator<Page> {
  let limit = size;
  const read = (after: number, last: number): Stretch => {
    const page = readPage({ after, last, limit });
    // Awaited on a later turn; until then a failure must not count as unhandled.
    page.catch(() => undefined);
    return { after, last, page };
  };

  let width = firstWidth;
  let begun = 0;
  const reading: Stretch[] = [];
  for (;;) {
    while (reading.length < ahead && begun < end) {
      const last = Math.min(end, begun + width);
      reading.push(read(begun, last));
      begun = last;
    }
    const stretch = reading.shift();
    if (stretch === undefined) return;
    const page = await stretch.page;
    const weight = weigh(page);
    limit = weight === 0 ? limit : fittingLimit(page, weight, size);
    if (page.end < stretch.last) reading.unshift(read(page.end, stretch.last));
    width = nextWidth(width, weight / (page.end - stretch.after), limit);
    yield page;
  }
}

/** Rows for the next page: fewer where texts are long, of which the page read last gives the measure. */
function fittingLimit({ rows }: Page, weight: number, size: number): number {
  const text = rows.reduce((sum, row) => sum + textLength(row), 0);
  return Math.max(1, Math.min(size, Math.floor((mostText * weight) / text)));
}

/** The rows of a page, those that were only counted by what they cost beside others. */
function weigh({ counted, ofKinds, rows }: Page): number {
  const read = ofKinds.length + rows.length;
  return counted.reduce((sum, { count }) => sum + count / countedRowsPerRow, read);
}

/**
 * @param density rows an id, in the page read last; the width at most doubles, as a gap says little of what follows it
 */
function nextWidth(width: number, density: number, size: number): number {
  const wanted = Math.min(width * 2, size / density, size * widest);
  return Math.max(size, Math.round(wanted));
}
