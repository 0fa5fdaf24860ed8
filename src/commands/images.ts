import type { LocationTable } from '../database/location-table.ts';
import { UsageError } from '../errors.ts';
import type { Terminal } from '../terminal.ts';

/** Locations of the images that the operator names, those that wait for the scrubber among them. */
const mostLocations = 10_000;

/** The ids of the locations of images, but for deleted ones. */
export async function findLocationIds(
  imageIds: readonly string[],
  table: LocationTable,
): Promise<readonly { readonly id: number; readonly imageId: string }[]> {
  const range = { after: 0, last: await table.lastId(), limit: mostLocations };
  return table.readPage({ pendingDelete: true, imageIds }, range);
}

/** @throws UsageError when none of the images has a location; some of many may be gone */
export async function checkImages(
  imageIds: readonly string[] | undefined,
  table: LocationTable,
  terminal: Pick<Terminal, 'alert'>,
): Promise<void> {
  if (imageIds === undefined) return;
  const found = new Set((await findLocationIds(imageIds, table)).map(({ imageId }) => imageId));
  const missing = imageIds.filter((id) => !found.has(id));
  if (missing.length === 0) return;
  const message =
    `database ${table.description.name} has no location of image ${missing.join(', ')}: ` +
    'is the id right, and the image not deleted?';
  if (found.size === 0) throw new UsageError(message);
  terminal.alert(message);
}
