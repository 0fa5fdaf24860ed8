import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LocationTable } from '../../../src/database/location-table.ts';
import { runOn } from '../../support/backfill-run.ts';
import { stores } from '../../support/file-stores.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../../support/servers-database.ts';
import { readLocations, seedLocations } from '../../support/servers-locations.ts';
import { openTable } from '../../support/servers-table.ts';

let database: GlanceDatabase;
let table: LocationTable;

beforeEach(async () => {
  database = await createGlanceDatabase('postgresql');
  await seedLocations(database, [{ id: 1, metaData: '{}' }]);
  table = await openTable(database.url);
  // A deferred trigger runs at COMMIT.
  await database.run(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'no such luck'; END$$`,
  );
  await database.run(
    `CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON image_locations
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()`,
  );
});
afterEach(async () => {
  await table.close();
  await database.drop();
});

it('a COMMIT that the server refuses for good is looked after once, then the run ends', async () => {
  const retries: string[] = [];
  const running = runOn(table, { stores, onRetry: (message) => retries.push(message) });
  await expect(running).rejects.toThrow('no such luck');
  expect(retries).toHaveLength(1);
  expect(await readLocations(database)).toMatchObject([{ metaData: '{}' }]);
});
