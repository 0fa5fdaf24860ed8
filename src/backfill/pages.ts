import type { LocationTable, PageRange, Scope } from '../database/location-table.ts';
import type { ImageLocation } from '../locations/image-location.ts';

/** Reads one page; the caller wraps the table's own in retries. */
export type ReadPage = LocationTable['readPage'];

/** The stretch of the table a run goes through. */
export interface Pages {
  readonly scope: Scope;
  /** the highest id to read, fixed at the start so that a run ends while Glance keeps inserting */
  readonly last: number;
  /** rows a page */
  readonly size: number;
}

/**
 * Yields the rows in scope page by page, in key order; while the caller works on one page the next is read.
 * Pages by key rather than one long stream: a stream over the whole table would pin a snapshot for the run.
 */
export async function* readPages(
  readPage: ReadPage,
  { scope, last, size }: Pages,
): AsyncGenerator<readonly ImageLocation[]> {
  const read = (after: number): Promise<ImageLocation[]> => {
    const range: PageRange = { after, last, limit: size };
    const page = readPage(scope, range);
    // Awaited on the next turn; until then a failure must not count as unhandled.
    page.catch(() => undefined);
    return page;
  };

  let upcoming: Promise<ImageLocation[]> | undefined = read(0);
  while (upcoming !== undefined) {
    const page: ImageLocation[] = await upcoming;
    const end = page.at(-1);
    upcoming = end !== undefined && page.length === size ? read(end.id) : undefined;
    if (end !== undefined) yield page;
  }
}
