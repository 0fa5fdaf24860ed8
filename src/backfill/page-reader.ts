import type { LocationTable, PageRange, Scope } from '../database/location-table.ts';
import type { KnownKind, KnownKinds } from './known-kinds.ts';
import type { Page, ReadPage } from './pages.ts';
import { type Retry, retryTransient } from './retry.ts';
import { inScope } from './settle.ts';

export interface PageReaderOptions {
  readonly table: LocationTable;
  readonly scope: Scope;
  readonly retry: Retry;
  readonly kinds: KnownKinds;
}

/**
 * Reads pages: where most rows are of known kinds the server counts those and only the others are read; a table that is
 * all right is gone through at the server's own speed.
 */
export function createPageReader(options: PageReaderOptions): ReadPage {
  const { scope, kinds } = options;
  return async (range) => {
    // Rows of a few images are found through an index; no count could be cheaper.
    const toCount = scope.imageIds === undefined ? kinds.toCount() : [];
    const counted = toCount.length === 0 ? undefined : await countPage(options, range, toCount);
    return counted ?? (await readWholePage(options, range));
  };
}

/** @returns undefined when too many rows are of other kinds */
async function countPage(
  { table, scope, retry }: PageReaderOptions,
  range: PageRange,
  kinds: readonly KnownKind[],
): Promise<Page | undefined> {
  const found = await retryTransient(() => table.countKinds(scope, range, kinds), retry);
  if (found === undefined) return undefined;
  // What has left the scope since it was counted is left out, as if it had never been there.
  const others = await retryTransient(() => table.readRows(found.others), retry);
  return {
    counted: kinds.flatMap((kind, index) => {
      const count = found.counts[index] ?? 0;
      return count === 0 ? [] : [{ kind, count }];
    }),
    rows: others.filter((row) => inScope(row, scope)),
    end: range.last,
  };
}

async function readWholePage(
  { table, scope, retry }: PageReaderOptions,
  range: PageRange,
): Promise<Page> {
  const rows = await retryTransient(() => table.readPage(scope, range), retry);
  const end = rows.length < range.limit ? range.last : (rows.at(-1)?.id ?? range.last);
  return { counted: [], rows, end };
}
