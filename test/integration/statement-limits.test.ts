import { expect, it } from 'vitest';
import { DatabaseError } from '../../src/database/errors.ts';
import type { LocationTable, PageRange } from '../../src/database/location-table.ts';
import { runOn } from '../support/backfill-run.ts';
import { stores } from '../support/file-stores.ts';
import { createGlanceDatabase } from '../support/servers-database.ts';
import { fillLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';

/** Ids that a statement may go through before the server ends it. */
const most = 300;

it('a page that takes longer than the server allows is read in parts, and so are those after it', async () => {
  const database = await createGlanceDatabase('mysql');
  await fillLocations(database, 20_000);
  const table = await openTable(database.url);
  let ended = 0;
  const within = async <T>({ after, last }: PageRange, read: () => Promise<T>): Promise<T> => {
    if (last - after <= most) return read();
    ended += 1;
    throw new DatabaseError('a statement exceeded max_statement_time', 'contended');
  };
  const limited: LocationTable = {
    ...table,
    readPage: (scope, range) => within(range, () => table.readPage(scope, range)),
    countKinds: (scope, range, kinds) => within(range, () => table.countKinds(scope, range, kinds)),
    listKinds: (scope, range, kinds) => within(range, () => table.listKinds(scope, range, kinds)),
  };
  try {
    for (const mode of ['dry-run', 'apply', 'dry-run'] as const) {
      const { rows, ending } = await runOn(limited, {
        ...{ stores, mode, sleep: () => Promise.resolve() },
      });
      expect(ending.kind).toBe('complete');
      expect(rows.examined).toBe(20_000);
    }
    // Some 70 parts a run: each fourth or so is one too many.
    expect(ended).toBeGreaterThan(0);
    expect(ended).toBeLessThan(150);
  } finally {
    await table.close();
    await database.drop();
  }
});
