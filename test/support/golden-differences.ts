import { readMetaData, withStore } from '../../src/locations/meta-data.ts';
import type { GoldenDatabaseName } from './golden-databases.ts';
import type { GoldenLine } from './golden.ts';

/** What this program writes otherwise than Glance, on purpose. */
export type Difference =
  | 'NULL or empty is filled'
  | 'a store that is no string is stale'
  | 'text is edited, not written anew'
  | 'no reserved store is written'
  | 'Cinder is not asked for the volume'
  | 'four-byte characters do no harm'
  | 'a location that fails does not hold back its neighbours';

/** How many golden lines of all cases end otherwise than Glance has them. */
export const differingLines: Readonly<Partial<Record<Difference, number>>> = {
  'NULL or empty is filled': 67,
  'a store that is no string is stale': 15,
  'text is edited, not written anew': 134,
  'no reserved store is written': 5,
  'Cinder is not asked for the volume': 4,
};

/** Ids of all rows in scope of the golden databases that end otherwise than after a GET of their image. */
export const differingRows: Readonly<
  Record<GoldenDatabaseName, Partial<Record<Difference, readonly number[]>>>
> = {
  plain: {
    'NULL or empty is filled': [5, 12, 155, 169, 178, 237, 321, 322],
    'text is edited, not written anew': [48, 77, 92, 128, 130, 131, 163, 183, 288, 300, 302],
    'four-byte characters do no harm': [327],
    'a location that fails does not hold back its neighbours': [4, 168, 320],
  },
  'encrypted-nasty': {
    'NULL or empty is filled': [20, 56, 118, 123, 174, 180, 203, 217, 264, 359, 360],
    'text is edited, not written anew': [15, 22, 36, 93, 106, 108, 155, 262, 281, 314, 357],
    'four-byte characters do no harm': [85, 210, 225],
    'a location that fails does not hold back its neighbours': [175, 179, 181, 263],
  },
};

/** Whether a GET by Glance fails on the text, and this program writes a store into it. */
export function isMended(text: string | null): boolean {
  return text === null || text === '' || text === '{"store": ["a"]}';
}

/** Why a line ends otherwise; named by what the golden line shows, whatever was decided here. */
export function nameDifference({ metaData, store, url, urlAfter }: GoldenLine): Difference {
  if (metaData === null || metaData === '') return 'NULL or empty is filled';
  if (isMended(metaData)) return 'a store that is no string is stale';
  if (String(store).startsWith('os_glance_')) return 'no reserved store is written';
  if (url.startsWith('cinder:') && urlAfter !== undefined) {
    return 'Cinder is not asked for the volume';
  }
  return 'text is edited, not written anew';
}

/**
 * The text that a line which ends otherwise must end with.
 *
 * @param fill the text that the line's URL gives to `{}`
 */
export function wantedText(
  { metaData, store }: GoldenLine,
  difference: Difference,
  fill: string | null,
): string | null {
  switch (difference) {
    case 'NULL or empty is filled':
    case 'a store that is no string is stale':
      return fill;
    case 'text is edited, not written anew':
      return edit(metaData, String(store));
    case 'no reserved store is written':
    case 'Cinder is not asked for the volume':
    case 'four-byte characters do no harm':
    case 'a location that fails does not hold back its neighbours':
      return metaData;
  }
}

/** A text with its store set, all else left as it is. */
export function edit(text: string | null, storeId: string): string {
  const metaData = readMetaData(text);
  if (metaData.kind === 'unreadable') throw new Error(metaData.reason);
  return withStore(metaData, storeId);
}
