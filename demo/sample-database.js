import { readFileSync } from 'node:fs';
import { URL } from 'node:url';
import Database from 'libsql';
import { deriveHex, deriveNumber } from './derived.js';
import { sampleImages } from './sample-images.js';

/** @typedef {import('./sample-images.js').SampleImage} SampleImage */
/** @typedef {Record<string, string | number | null>} Row column → value */

/**
 * Writes a SQLite file as a cloud's Glance would have left it: the schema of `glance-manage db sync`
 * and some years of images. The same bytes' worth of rows every time.
 *
 * @param {string} path a file that does not exist yet
 * @returns {{ images: number, locations: number }} rows written
 */
export function createSampleDatabase(path) {
  const images = sampleImages();
  const locationRows = images.flatMap(toLocationRows);
  const database = new Database(path);
  database.exec(readFileSync(new URL('schema.sql', import.meta.url), 'utf8'));
  database.transaction(() => {
    insert(database, 'images', images.map(toImageRow));
    insert(database, 'image_locations', locationRows);
  })();
  database.close();
  return { images: images.length, locations: locationRows.length };
}

/** @type {(database: Database.Database, table: string, rows: readonly Row[]) => void} */
function insert(database, table, rows) {
  const columns = Object.keys(rows[0] ?? {});
  const places = columns.map(() => '?');
  const statement = database.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
  );
  for (const row of rows) statement.run(...Object.values(row));
}

/** @type {(image: SampleImage) => Row} */
function toImageRow(image) {
  const { id, status } = image;
  const size = (200 + deriveNumber(`size of ${id}`, 40_000)) * 1_048_576;
  return {
    id,
    name: imageName(image),
    size,
    virtual_size: size,
    status,
    ...lifeTime(image),
    disk_format: 'raw',
    container_format: 'bare',
    checksum: deriveHex(`checksum of ${id}`).slice(0, 32),
    os_hash_algo: 'sha512',
    os_hash_value: deriveHex(`content of ${id}`),
    owner: deriveHex(`project ${deriveNumber(`owner of ${id}`, 24)}`).slice(0, 32),
    min_disk: 0,
    min_ram: 0,
    visibility: deriveNumber(`visibility of ${id}`, 10) === 0 ? 'public' : 'shared',
  };
}

/** @type {(image: SampleImage) => Row[]} */
function toLocationRows(image) {
  return image.locations.map(({ url, metaData }) => ({
    image_id: image.id,
    value: url,
    meta_data: metaData,
    status: image.status,
    ...lifeTime(image),
  }));
}

const systems = ['ubuntu-22.04', 'debian-12', 'rocky-9', 'windows-server-2022', 'cirros-0.6'];

/** @type {(image: SampleImage) => string} */
function imageName({ id, createdAt }) {
  const system = systems[deriveNumber(`system of ${id}`, systems.length)];
  return `${system}-${createdAt.toISOString().slice(0, 10)}`;
}

const ninetyDays = 90 * 86_400_000;

/** Glance sets `deleted` on a row that waits to be scrubbed, too. @type {(image: SampleImage) => Row} */
function lifeTime({ status, createdAt }) {
  const isGone = status !== 'active';
  return {
    created_at: toDateTime(createdAt),
    updated_at: toDateTime(createdAt),
    deleted_at: isGone ? toDateTime(new Date(createdAt.getTime() + ninetyDays)) : null,
    deleted: isGone ? 1 : 0,
  };
}

/** As SQLAlchemy writes a DATETIME into SQLite. @type {(date: Date) => string} */
function toDateTime(date) {
  return date.toISOString().replace('T', ' ').replace(/Z$/, '000');
}
