import type { LocationTable, PageRange, Scope } from '../database/location-table.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import { mayBeOfKind } from '../locations/url-kinds.ts';
import { type RewriteOfKind, isRewriteKind } from './kind-rewrites.ts';
import type { CountedKind, KnownKind, KnownKinds } from './known-kinds.ts';
import type { Page, ReadPage } from './pages.ts';
import { type RetryOptions, retryTransient } from './retry.ts';
import { inScope } from './settle.ts';

export interface PageReaderOptions extends RetryOptions {
  readonly table: LocationTable;
  readonly scope: Scope;
  readonly kinds: KnownKinds;
}

/** How fast the width of pages grows back that a statement's limit halved: the cause may have been a lock on the table. */
const recovery = 1.25;

/**
 * Reads pages: where most rows are of known kinds the server counts those, or says which kind each is of, and only
 * the others are read; a table that is all right is gone through at the server's own speed. A page that takes longer
 * than the server allows ends earlier.
 */
export function createPageReader(options: PageReaderOptions): ReadPage {
  let widest = Infinity;
  return async (range) => {
    let part = range;
    const read = () => {
      part = { ...range, last: Math.min(range.last, range.after + widest) };
      return readPart(options, part);
    };
    const page = await retryTransient(read, options, () => {
      widest = Math.max(1, Math.floor((part.last - part.after) / 2));
    });
    widest = Math.ceil(widest * recovery);
    return page;
  };
}

async function readPart(options: PageReaderOptions, range: PageRange): Promise<Page> {
  const { scope, kinds } = options;
  // Rows of a few images are found through an index; nothing could be cheaper.
  if (scope.imageIds !== undefined) return readWholePage(options, range);
  const toCount = kinds.toCount();
  const counted = toCount.length === 0 ? undefined : await countPage(options, range, toCount);
  if (counted !== undefined) return counted;
  const toList = kinds.toList();
  return toList.length === 0 ? readWholePage(options, range) : listPage(options, range, toList);
}

/** @returns undefined when too many rows are of other kinds */
async function countPage(
  options: PageReaderOptions,
  range: PageRange,
  kinds: readonly KnownKind[],
): Promise<Page | undefined> {
  const { table, scope } = options;
  const found = await table.countKinds(scope, range, kinds);
  if (found === undefined) return undefined;
  return {
    counted: toCounted(kinds, found.counts),
    ofKinds: [],
    rows: await readOthers(options, found.others),
    end: range.last,
  };
}

/** Rows that are to be written are listed, those that stay as they are need only be counted. */
async function listPage(
  options: PageReaderOptions,
  range: PageRange,
  kinds: readonly KnownKind[],
): Promise<Page> {
  const { table, scope } = options;
  const found = await table.listKinds(scope, range, kinds);
  const counts = kinds.map(() => 0);
  const ofKinds: RewriteOfKind[] = [];
  const others: number[] = [];
  for (const { id, imageId, kind: index } of found) {
    const kind = index === undefined ? undefined : kinds[index];
    // The server has looked at how long the image id is, and no more.
    if (kind === undefined || index === undefined || !mayBeOfKind(imageId)) others.push(id);
    else if (isRewriteKind(kind)) ofKinds.push({ id, imageId, kind });
    else counts[index] = (counts[index] ?? 0) + 1;
  }
  const end = found.length < range.limit ? range.last : (found.at(-1)?.id ?? range.last);
  const rows = await readOthers(options, others);
  return { counted: toCounted(kinds, counts), ofKinds, rows, end };
}

/** Rows in scope. What has left the scope since its kind was asked for is left out, as if it had never been there. */
async function readOthers(
  options: PageReaderOptions,
  ids: readonly number[],
): Promise<readonly ImageLocation[]> {
  const { table, scope } = options;
  const rows = await table.readRows(ids);
  return rows.filter((row) => inScope(row, scope));
}

function toCounted(kinds: readonly KnownKind[], counts: readonly number[]): CountedKind[] {
  return kinds.flatMap((kind, index) => {
    const count = counts[index] ?? 0;
    return count === 0 ? [] : [{ kind, count }];
  });
}

async function readWholePage(options: PageReaderOptions, range: PageRange): Promise<Page> {
  const { table, scope } = options;
  const rows = await table.readPage(scope, range);
  const end = rows.length < range.limit ? range.last : (rows.at(-1)?.id ?? range.last);
  return { counted: [], ofKinds: [], rows, end };
}
