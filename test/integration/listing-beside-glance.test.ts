import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KindUpdate, LocationTable } from '../../src/database/location-table.ts';
import { runOn, type RunResult } from '../support/backfill-run.ts';
import { twoStores } from '../support/file-stores.ts';
import {
  createGlanceDatabase,
  DIALECTS,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';

const imageOf = (id: number) => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`;
/** Of a UUID's length, and none. */
const handMade = 'an-image-that-somebody-named-himself';

/** What Glance does with rows after the run has learnt of which kind they are, and what becomes of them. */
const changes = [
  { id: 65, sql: `meta_data = '{"k": 1}'`, outcome: 'assigned', text: '{"k": 1, "store": "fast"}' },
  { id: 66, sql: `meta_data = '{"store": "slow"}'`, outcome: 'current', text: '{"store": "slow"}' },
  {
    id: 67,
    sql: `value = 'file:///slow/${imageOf(67)}'`,
    outcome: 'assigned',
    text: '{"store": "slow"}',
  },
  { id: 68, sql: `value = 'file:///nowhere/${imageOf(68)}'`, outcome: 'unmatched', text: '{}' },
  { id: 69, sql: `status = 'deleted'`, outcome: 'conflicted', text: '{}' },
  { id: 70, sql: `image_id = '${imageOf(71)}'`, outcome: 'assigned', text: '{"store": "fast"}' },
] as const;

describe.each(DIALECTS)('on %s a run that has rows to be written told by their kind', (dialect) => {
  let database: GlanceDatabase;
  let table: LocationTable;
  let run: RunResult;
  const listed: number[] = [];
  const writtenByKind: number[] = [];

  beforeAll(async () => {
    database = await createGlanceDatabase(dialect);
    table = await openTable(database.url);
    const seed = Array.from({ length: 120 }, (_, index) => {
      const id = index + 1;
      const imageId = id === 72 ? handMade : imageOf(id);
      return { id, imageId, value: `file:///${id % 3 === 0 ? 'slow' : 'images'}/${imageId}` };
    });
    await seedLocations(database, seed);
    run = await runOn(besideGlance(), {
      stores: twoStores,
      pageSize: 20,
      batchSize: 10,
      writers: 1,
    });
  });
  afterAll(async () => {
    await table.close();
    await database.drop();
  });

  function besideGlance(): LocationTable {
    return {
      ...table,
      async listKinds(scope, range, kinds) {
        const rows = await table.listKinds(scope, range, kinds);
        listed.push(...rows.map(({ id }) => id));
        for (const { id, sql } of changes.filter((one) => rows.some((row) => row.id === one.id))) {
          await database.run(`UPDATE image_locations SET ${sql} WHERE id = ${id}`);
        }
        return rows;
      },
      async rewriteKinds(scope, updates: readonly KindUpdate[], updatedAt) {
        const isWritten = await table.rewriteKinds(scope, updates, updatedAt);
        if (isWritten) writtenByKind.push(...updates.flatMap(({ ids }) => ids));
        return isWritten;
      },
    };
  }

  const textsNow = async () =>
    new Map((await readLocations(database)).map(({ id, metaData }) => [id, metaData]));

  it('has them listed, and writes them so', () => {
    expect(listed).toEqual(expect.arrayContaining([65, 66, 67, 68, 69, 70, 72, 119, 120]));
    expect(writtenByKind).toEqual(expect.arrayContaining([59, 60, 119, 120]));
  });

  it('looks again at a batch in which Glance has changed a row, and gives each row one outcome', async () => {
    const texts = await textsNow();
    for (const { id, outcome, text } of changes) {
      expect(run.decisions.get(id)?.kind, `location ${id}`).toBe(outcome);
      expect(texts.get(id), `location ${id}`).toBe(text);
    }
    expect(run.decisions.size).toBe(120);
    expect(run.rows).toMatchObject({
      examined: 120,
      assigned: 117,
      conflicted: 1,
      unmatched: 1,
      current: 1,
    });
  });

  it('labels all others, each with what it would have got by itself', async () => {
    const texts = await textsNow();
    const odd = new Set<number>(changes.map(({ id }) => id));
    for (let id = 1; id <= 120; id++) {
      if (odd.has(id)) continue;
      const store = id % 3 === 0 ? 'slow' : 'fast';
      expect(texts.get(id), `location ${id}`).toBe(`{"store": "${store}"}`);
      const decision = run.decisions.get(id);
      expect(decision).toMatchObject({ kind: 'assigned', store });
      expect(decision).toHaveProperty(
        'url',
        expect.stringContaining(id === 72 ? handMade : imageOf(id)),
      );
    }
  });

  it('does not write an image id by its kind that is as long as a UUID and none', () => {
    expect(writtenByKind).not.toContain(72);
    expect(handMade).toHaveLength(36);
  });
});
