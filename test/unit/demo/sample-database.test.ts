import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

interface SampleDatabase {
  readonly createSampleDatabase: (path: string) => Written;
}

interface Written {
  readonly images: number;
  readonly locations: number;
}

// The demo is plain JavaScript, which the compiler does not look into.
const { createSampleDatabase } = await vi.importActual<SampleDatabase>(
  '../../../demo/sample-database.js',
);

const directory = mkdtempSync(join(tmpdir(), 'sample-database-'));
let written: Written;
let database: Database.Database;

beforeAll(() => {
  const path = join(directory, 'glance.sqlite');
  written = createSampleDatabase(path);
  database = new Database(path, { readonly: true });
});

afterAll(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

const rowsOf = (file: Database.Database, table: string): unknown[] =>
  file.prepare(`SELECT * FROM ${table} ORDER BY id`).raw().all();

function count(what: string): number {
  const row: unknown = database.prepare(`SELECT count(*) FROM ${what}`).raw().get();
  return Array.isArray(row) ? Number(row[0]) : Number.NaN;
}

describe('the sample database', () => {
  it('holds the same rows every time it is made', () => {
    const path = join(directory, 'again.sqlite');
    createSampleDatabase(path);
    const again = new Database(path, { readonly: true });
    expect(rowsOf(again, 'images')).toEqual(rowsOf(database, 'images'));
    expect(rowsOf(again, 'image_locations')).toEqual(rowsOf(database, 'image_locations'));
    again.close();
  });

  it('holds as many rows as it says', () => {
    expect(written).toEqual({ images: count('images'), locations: count('image_locations') });
  });

  it.each([
    ['no store', `meta_data = '{}'`],
    ['NULL', 'meta_data IS NULL'],
    ['an empty text', `meta_data = ''`],
    ['other keys', `meta_data LIKE '%"mountpoint": "/%"}'`],
    ['a store that is not enabled', `meta_data LIKE '%"old-ceph"%'`],
    ['no JSON object', `meta_data LIKE '[%'`],
    ['the wrong store', `meta_data LIKE '%"local"%' AND value LIKE '%/images-archive/%'`],
  ])('has live locations with %s in meta_data', (_what, condition) => {
    expect(count(`image_locations WHERE deleted = 0 AND ${condition}`)).toBeGreaterThan(0);
  });

  it.each(['rbd', 'file', 'https', 'http', 'swift+https', 's3+https', 'cinder', 'vsphere'])(
    'has images with a %s:// location',
    (scheme) => {
      expect(count(`image_locations WHERE value LIKE '${scheme}://%'`)).toBeGreaterThan(0);
    },
  );

  it('gives no two locations one URL', () => {
    expect(count('(SELECT DISTINCT value FROM image_locations)')).toBe(written.locations);
  });

  it('marks as deleted exactly the locations of images that are gone', () => {
    const inconsistent = `image_locations JOIN images ON images.id = image_id
      WHERE image_locations.deleted <> images.deleted
      OR (image_locations.status = 'active') = (image_locations.deleted_at IS NOT NULL)`;
    expect(count(inconsistent)).toBe(0);
  });

  it('lies where glance-api.conf.example says', () => {
    const conf = readFileSync('glance-api.conf.example', 'utf8');
    const file = /^connection = sqlite:\/\/\/(.+)$/m.exec(conf)?.[1];
    expect(readFileSync('demo/run.js', 'utf8')).toContain(`databaseFile = '${String(file)}'`);
  });
});
