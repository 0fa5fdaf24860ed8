import type { ImageLocation } from '../../src/locations/image-location.ts';

/** A location of an image; a test states only what matters to it. */
export function makeLocation(differences: Partial<ImageLocation> = {}): ImageLocation {
  return {
    id: 1,
    imageId: '1d000000-0000-4000-8000-000000000001',
    value: 'file:///images/1d000000-0000-4000-8000-000000000001',
    metaData: '{}',
    ...differences,
  };
}
