import { asText } from '../../src/database/driver-values.ts';
import type { LockedLocation } from '../../src/database/location-table.ts';
import type { GlanceDatabase } from './servers-database.ts';

const CREATED = '2020-01-02 03:04:05';

/** A row of `image_locations` to put into a database; a test states only what matters to it. */
export type SeedLocation = { readonly id: number } & Partial<LockedLocation>;

/** The image that a location belongs to unless a test says otherwise. */
export const SEED_IMAGE = '11111111-1111-4111-8111-111111111111';

/** The URL of a location unless a test says otherwise: rows that have it are of one kind, which the server tells by itself. */
export function seedUrl(imageId: string): string {
  return `file:///images/${imageId}`;
}

/** Inserts locations, and the images they belong to. */
export async function seedLocations(
  database: GlanceDatabase,
  locations: readonly SeedLocation[],
): Promise<void> {
  const rows = locations.map(completeLocation);
  const [no] = booleans(database);
  const known = new Set((await database.run('SELECT id FROM images')).map(([id]) => id));
  for (const imageId of new Set(rows.map((row) => row.imageId))) {
    if (known.has(imageId)) continue;
    await database.run(
      'INSERT INTO images (id, status, created_at, deleted, min_disk, min_ram, visibility, protected, os_hidden)' +
        ' VALUES (?, ?, ?, ?, 0, 0, ?, ?, ?)',
      [imageId, 'active', CREATED, no, 'shared', no, no],
    );
  }
  for (const row of rows) await insertLocation(database, row);
}

/** Inserts locations 1 to `count`, all of one image and without a label, in one statement. */
export async function fillLocations(database: GlanceDatabase, count: number): Promise<void> {
  const [no] = booleans(database);
  await seedLocations(database, [{ id: 1 }]);
  const source =
    database.dialect === 'mysql'
      ? `(SELECT seq FROM seq_2_to_${count}) AS numbers`
      : `generate_series(2, ${count}) AS numbers (seq)`;
  await database.run(
    'INSERT INTO image_locations (id, image_id, value, meta_data, status, deleted, created_at, updated_at)' +
      ` SELECT seq, ?, '${seedUrl(SEED_IMAGE)}', '{}', 'active', ${String(no)}, '${CREATED}', '${CREATED}' FROM ${source}`,
    [SEED_IMAGE],
  );
}

async function insertLocation(database: GlanceDatabase, row: LockedLocation): Promise<void> {
  const [no, yes] = booleans(database);
  const { id, imageId, value, metaData, status, deleted, updatedAt } = row;
  await database.run(
    'INSERT INTO image_locations (id, image_id, value, meta_data, status, deleted, created_at, updated_at)' +
      ' VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    [id, imageId, value, metaData, status, deleted ? yes : no, CREATED, updatedAt],
  );
}

function completeLocation(differences: SeedLocation): LockedLocation {
  return {
    imageId: SEED_IMAGE,
    value: seedUrl(differences.imageId ?? SEED_IMAGE),
    metaData: '{}',
    status: 'active',
    deleted: false,
    updatedAt: CREATED,
    ...differences,
  };
}

/** Every location with its columns as the database holds them, lowest id first. */
export async function readLocations(database: GlanceDatabase): Promise<readonly LockedLocation[]> {
  const updatedAt = database.dialect === 'postgresql' ? 'updated_at::text' : 'updated_at';
  const rows = await database.run(
    `SELECT id, image_id, value, meta_data, status, deleted, ${updatedAt} FROM image_locations ORDER BY id`,
  );
  return rows.map(([id, imageId, value, metaData, status, deleted, time]) => ({
    id: Number(id),
    imageId: asText(imageId) ?? '',
    value: asText(value) ?? '',
    metaData: asText(metaData),
    status: asText(status) ?? '',
    deleted: Boolean(deleted),
    updatedAt: asText(time),
  }));
}

function booleans({ dialect }: GlanceDatabase): readonly [no: unknown, yes: unknown] {
  return dialect === 'postgresql' ? [false, true] : [0, 1];
}
