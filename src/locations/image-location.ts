/** A row of Glance's `image_locations`, as far as this program looks at it. */
export interface ImageLocation {
  readonly id: number;
  readonly imageId: string;
  /** column `value`: the URL, or its ciphertext where `metadata_encryption_key` was in use */
  readonly value: string;
  /** column `meta_data`: JSON text, or NULL */
  readonly metaData: string | null;
}

/** Characters of a location's texts: what it takes in memory goes with them. */
export function textLength({ value, metaData }: ImageLocation): number {
  return value.length + (metaData?.length ?? 0);
}
