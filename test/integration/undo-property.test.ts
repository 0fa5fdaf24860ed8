import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocationTable, LockedLocation } from '../../src/database/location-table.ts';
import { runOn } from '../support/backfill-run.ts';
import { encrypt } from '../support/encryption.ts';
import { twoStores } from '../support/file-stores.ts';
import { brokenTexts, objectTexts, render } from '../support/json-text.ts';
import {
  createGlanceDatabase,
  type DialectName,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import {
  readLocations,
  SEED_IMAGE,
  type SeedLocation,
  seedLocations,
  seedUrl,
} from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';
import { journalAt, undoOn } from '../support/undo-run.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

const encryptionKey = '0123456789abcdef';

/** What Glance's own columns cannot hold: characters of four bytes on MySQL (utf8mb3), NUL and halves of characters. */
const isStorable = (text: string): boolean => !/[\0\ud800-\udfff]/.test(text);

const metaData = fc.oneof(
  fc.constantFrom(
    ...([
      null,
      '',
      '{}',
      ' { } ',
      '{"store": "fast"}',
      '{"store": "gone"}',
      '{"store": null}',
    ] as const),
    '{"n": 1e400, "n": 12345678901234567890, "store": "gone", "store": ""}',
    String.raw`{"a": "it's \\ \"q\" \u0000 % ? :x $1"}`,
  ),
  objectTexts.map((text) => render(text)).filter(isStorable),
  brokenTexts.filter(isStorable),
);

const value = fc
  .constantFrom(
    // Rows that may be compared by the statement that writes them, and others.
    ...[seedUrl(SEED_IMAGE), seedUrl(SEED_IMAGE), `file:///slow/${SEED_IMAGE}`],
    ...['file:///images/1', 'file:///slow/1', 'file:///elsewhere/1', 'no URL'],
  )
  .chain((url) => fc.constantFrom(url, encrypt(encryptionKey, url)));

const status = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ status: 'active', deleted: false }) },
  fc.constantFrom(
    { status: 'deleted', deleted: true },
    { status: 'pending_delete', deleted: true },
  ),
);

/** What somebody else does to a row between the run and its undo. */
const touch = fc.oneof(
  { weight: 6, arbitrary: fc.constant('nothing' as const) },
  fc.constantFrom('saves it as it is', 'writes another text', 'deletes it', 'purges it'),
);

const tables = fc.array(fc.record({ metaData, value, status, touch }), {
  minLength: 1,
  maxLength: 25,
});

type TableRow = typeof tables extends fc.Arbitrary<readonly (infer Row)[]> ? Row : never;

const later = '2031-01-01 00:00:00';

function statementFor(what: TableRow['touch'], yes: string): string | undefined {
  const set = (columns: string) => `UPDATE image_locations SET ${columns}, updated_at = '${later}'`;
  switch (what) {
    case 'nothing':
      return undefined;
    case 'saves it as it is':
      return set('meta_data = meta_data');
    case 'writes another text':
      return set(`meta_data = '{"theirs": 1}'`);
    case 'deletes it':
      return set(`status = 'deleted', deleted = ${yes}`);
    case 'purges it':
      return 'DELETE FROM image_locations';
  }
}

/** How many random tables; each run writes, touches and undoes one. */
const runs: readonly (readonly [DialectName, number])[] = [
  ['sqlite', 60],
  ['mysql', 50],
  ['postgresql', 50],
];

describe.each(runs)('undo on %s', (dialect, numRuns) => {
  let database: GlanceDatabase;
  let table: LocationTable;
  let workplace: Workplace;
  /** batches compared by the statement that wrote them */
  let unseenInAll = 0;

  beforeAll(async () => {
    workplace = makeWorkplace();
    database = await createGlanceDatabase(dialect);
    if (dialect === 'sqlite') await database.run('PRAGMA busy_timeout = 5000');
    table = await openTable(database.url);
  });

  afterAll(async () => {
    await table.close();
    await database.drop();
    workplace.remove();
  });

  async function fill(rows: readonly TableRow[]): Promise<readonly LockedLocation[]> {
    await database.run('DELETE FROM image_locations');
    const seeds = rows.map(({ metaData, value, status }, index): SeedLocation => {
      return { id: index + 1, metaData, value, ...status };
    });
    await seedLocations(database, seeds);
    return readLocations(database);
  }

  async function backfill(): Promise<ReadonlySet<number>> {
    const journal = journalAt(workplace.path('run.ndjson'));
    const watched: LocationTable = {
      ...table,
      async rewriteKinds(...batch) {
        const isWritten = await table.rewriteKinds(...batch);
        if (isWritten) unseenInAll += 1;
        return isWritten;
      },
    };
    const run = { stores: twoStores, encryptionKey, batchSize: 7, journal };
    const { decisions } = await runOn(watched, run);
    await journal.close();
    const isWritten = (kind: string) => kind === 'assigned' || kind === 'replaced';
    return new Set([...decisions].flatMap(([id, { kind }]) => (isWritten(kind) ? [id] : [])));
  }

  async function touchRows(rows: readonly TableRow[]): Promise<void> {
    const yes = dialect === 'postgresql' ? 'true' : '1';
    for (const [index, row] of rows.entries()) {
      const statement = statementFor(row.touch, yes);
      if (statement !== undefined) await database.run(`${statement} WHERE id = ${index + 1}`);
    }
  }

  it('puts every text back byte for byte, but for rows that somebody else has touched', async () => {
    let restoredInAll = 0;
    unseenInAll = 0;
    await fc.assert(
      fc.asyncProperty(tables, async (rows) => {
        const before = await fill(rows);
        const written = await backfill();
        await touchRows(rows);
        const touched = await readLocations(database);
        if (written.size > 0) {
          const { restored, leftAlone } = await undoOn(table, workplace.path('run.ndjson'));
          expect(restored + leftAlone.length).toBe(written.size);
          restoredInAll += restored;
          rmSync(workplace.path('run.ndjson'));
        }
        const textBefore = new Map(before.map((row) => [row.id, row.metaData]));
        const after = new Map((await readLocations(database)).map((row) => [row.id, row]));
        expect(after.size).toBe(touched.length);
        for (const row of touched) {
          const isOurs = written.has(row.id) && rows[row.id - 1]?.touch === 'nothing';
          const now = after.get(row.id);
          if (isOurs)
            expect(now).toEqual({
              ...row,
              metaData: textBefore.get(row.id),
              updatedAt: now?.updatedAt,
            });
          else expect(now).toEqual(row);
        }
      }),
      { numRuns },
    );
    // Else no run has written anything.
    expect(restoredInAll).toBeGreaterThan(numRuns);
    expect(unseenInAll).toBeGreaterThan(0);
  });
});
