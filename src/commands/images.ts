import type { LocationTable } from '../database/location-table.ts';
import { UsageError } from '../errors.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import type { Terminal } from '../terminal.ts';

/** Locations of the images that the operator names, those that wait for the scrubber among them. */
const mostLocations = 10_000;

/**
 * The locations of images, but for deleted ones.
 *
 * @throws UsageError when there are too many to be read at once
 */
export async function findLocations(
  imageIds: readonly string[],
  table: LocationTable,
): Promise<readonly ImageLocation[]> {
  const range = { after: 0, last: await table.lastId(), limit: mostLocations };
  const locations = await table.readPage({ pendingDelete: true, imageIds }, range);
  if (locations.length < mostLocations) return locations;
  throw new UsageError(
    `--image: these images have ${mostLocations} locations and more; name fewer images at a time`,
  );
}

/**
 * Warns of images that have no location: some of many may be gone.
 *
 * @param imageIds undefined for all images, of which there is nothing to check
 * @throws UsageError when none of them has one
 */
export async function checkImages(
  imageIds: readonly string[] | undefined,
  table: LocationTable,
  terminal: Pick<Terminal, 'alert'>,
): Promise<void> {
  if (imageIds === undefined) return;
  const found = new Set((await findLocations(imageIds, table)).map(({ imageId }) => imageId));
  const missing = imageIds.filter((id) => !found.has(id));
  if (missing.length === 0) return;
  const message =
    `database ${table.description.name} has no location of image ${missing.join(', ')}: ` +
    'is the id right, and the image not deleted?';
  if (found.size === 0) throw new UsageError(message);
  terminal.alert(message);
}
