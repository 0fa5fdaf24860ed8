import type { RowKind } from '../database/location-table.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import type { FindUrlKind, UrlKind } from '../locations/url-kinds.ts';

/** Kinds that a statement tells apart: each costs the server a comparison a row. */
export const mostKinds = 24;

/** Image ids that a statement may except: a map file may hold thousands. */
const mostExceptions = 100;

/** The longest URL and `meta_data`, in UTF-16 units, that go into a statement. */
const longest = 1_000;

/**
 * The kind of a row, whose `url` is the one that `findUrlKind` gives; undefined for a row that the server is not to
 * tell by itself.
 */
export function findRowKind(
  { id, value, metaData, imageId }: ImageLocation,
  findUrlKind: FindUrlKind,
): RowKind | undefined {
  if (metaData === null || metaData.length + value.length > longest) return undefined;
  const url = findUrlKind(value, imageId);
  if (url === undefined || url.exceptions.length > mostExceptions) return undefined;
  if (mayHoldSecret(url)) return undefined;
  return { url, metaData, example: id };
}

/** What kinds are told apart by. */
export function kindKey({ metaData, url }: RowKind): string {
  const { head, tail } = url;
  return `${head.length} ${tail.length} ${head}${tail}${metaData}`;
}

/**
 * Whether a URL may hold a secret besides the login in its head, which no statement names. The only query known to have
 * none is VMware's.
 */
function mayHoldSecret({ head, tail }: UrlKind): boolean {
  const isOpen = vmwareQuery.test(tail) || !/[?#@]/.test(tail);
  return !isOpen || /[?#]/.test(head);
}

const vmwareQuery = /^\?(?:dcPath|dsName)=[^&#@]*&(?:dcPath|dsName)=[^&#@]*$/;
