import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocationTable, RowKind, Scope } from '../../../src/database/location-table.ts';
import {
  createGlanceDatabase,
  DIALECTS,
  type GlanceDatabase,
} from '../../support/servers-database.ts';
import { failureOf } from '../../support/servers-failure.ts';
import {
  readLocations,
  SEED_IMAGE,
  seedLocations,
  type SeedLocation,
} from '../../support/servers-locations.ts';
import { openTable } from '../../support/servers-table.ts';

const ACTIVE: Scope = { pendingDelete: false, imageIds: undefined };
const WITH_PENDING_DELETE: Scope = { pendingDelete: true, imageIds: undefined };
const OTHER_IMAGE = '22222222-2222-4222-8222-222222222222';
const NOON = new Date('2026-11-22T12:00:00.987Z');

/** Rows below /images whose `meta_data` is `{}`, unless told otherwise. */
function kindOf(differences: Partial<RowKind['url']> & { readonly metaData?: string }): RowKind {
  const { metaData = '{}', ...url } = differences;
  return {
    url: { head: 'file:///images/', tail: '', exceptions: [], ...url },
    metaData,
    example: 1,
  };
}

describe.each(DIALECTS)('image_locations on %s', (dialect) => {
  let database: GlanceDatabase;
  let table: LocationTable;

  beforeAll(async () => {
    database = await createGlanceDatabase(dialect);
    table = await openTable(database.url);
  });

  afterAll(async () => {
    await table.close();
    await database.drop();
  });

  beforeEach(async () => {
    await database.run('DELETE FROM image_locations');
  });

  const seed = (...locations: readonly SeedLocation[]) => seedLocations(database, locations);
  const everything = { after: 0, last: 1_000_000, limit: 100 };
  const idsOf = async (scope: Scope, range = everything) =>
    (await table.readPage(scope, range)).map(({ id }) => id);
  const textOf = async (id: number) =>
    (await readLocations(database)).find((row) => row.id === id)?.metaData;

  describe('reading', () => {
    it('finds the highest id, whether that row is in scope or not', async () => {
      await seed({ id: 3 }, { id: 70, status: 'deleted', deleted: true });
      expect(await table.lastId()).toBe(70);
    });

    it('gives 0 for the highest id of an empty table', async () => {
      expect(await table.lastId()).toBe(0);
    });

    it('gives all columns as they stand', async () => {
      await seed({
        id: 5,
        value: 'rbd://f/p/i/snap',
        metaData: '{"a": "\\u00e9 é 漢 \\\\ \' \\" % ? :x $1"}',
      });
      expect(await table.readPage(ACTIVE, everything)).toEqual([
        {
          id: 5,
          imageId: SEED_IMAGE,
          value: 'rbd://f/p/i/snap',
          metaData: '{"a": "\\u00e9 é 漢 \\\\ \' \\" % ? :x $1"}',
        },
      ]);
    });

    it('tells NULL from the empty text', async () => {
      await seed({ id: 1, metaData: null }, { id: 2, metaData: '' });
      const rows = await table.readPage(ACTIVE, everything);
      expect(rows.map(({ metaData }) => metaData)).toEqual([null, '']);
    });

    it('goes through the table in key order, page by page, each row once', async () => {
      await seed({ id: 9 }, { id: 2 }, { id: 30 }, { id: 4 }, { id: 31 });
      expect(await idsOf(ACTIVE, { after: 0, last: 30, limit: 2 })).toEqual([2, 4]);
      expect(await idsOf(ACTIVE, { after: 4, last: 30, limit: 2 })).toEqual([9, 30]);
      expect(await idsOf(ACTIVE, { after: 30, last: 30, limit: 2 })).toEqual([]);
    });

    const MIXED: readonly SeedLocation[] = [
      { id: 1 },
      { id: 2, status: 'ACTIVE' },
      { id: 3, status: 'active ' },
      { id: 4, deleted: true },
      { id: 5, status: 'deleted', deleted: true },
      { id: 6, status: 'pending_delete', deleted: true },
      { id: 7, status: 'pending_delete' },
      { id: 8, status: 'PENDING_DELETE', deleted: true },
    ];

    it('takes only rows that the API shows, comparing the status byte by byte', async () => {
      await seed(...MIXED);
      expect(await idsOf(ACTIVE)).toEqual([1]);
    });

    it('adds rows of images waiting for the scrubber when asked', async () => {
      await seed(...MIXED);
      expect(await idsOf(WITH_PENDING_DELETE)).toEqual([1, 6, 7]);
    });

    it('keeps to the images named', async () => {
      await seed({ id: 1 }, { id: 2, imageId: OTHER_IMAGE }, { id: 3, imageId: OTHER_IMAGE });
      const only = (...imageIds: string[]) => ({ pendingDelete: false, imageIds });
      expect(await idsOf(only(OTHER_IMAGE))).toEqual([2, 3]);
      expect(await idsOf(only(OTHER_IMAGE, SEED_IMAGE))).toEqual([1, 2, 3]);
      expect(await idsOf(only(`${OTHER_IMAGE}' OR 'a' = 'a`))).toEqual([]);
      expect(await idsOf(only())).toEqual([]);
    });
  });

  describe('counting', () => {
    const UPPER_IMAGE = 'ABCDEFAB-0000-4000-8000-ABCDEFABCDEF';
    const kinds = [
      kindOf({ exceptions: [UPPER_IMAGE.toLowerCase()] }),
      kindOf({ head: "rbd://f/p'?\\/", tail: '/snap', metaData: '{"é": 1}' }),
    ];
    const other = (id: number, differences: Partial<SeedLocation>): SeedLocation => ({
      id,
      imageId: SEED_IMAGE,
      value: `file:///images/${SEED_IMAGE}`,
      ...differences,
    });

    it('tells rows of a kind from those that look like it, byte by byte', async () => {
      await seed(
        other(1, {}),
        other(2, { imageId: OTHER_IMAGE, value: `file:///images/${OTHER_IMAGE}` }),
        other(3, { value: `rbd://f/p'?\\/${SEED_IMAGE}/snap`, metaData: '{"é": 1}' }),
        other(4, { value: `FILE:///images/${SEED_IMAGE}` }),
        other(5, { value: `file:///images/${SEED_IMAGE} ` }),
        other(6, { value: `file:///images/${OTHER_IMAGE}` }),
        other(7, { value: `file:///images/x/${SEED_IMAGE}` }),
        other(8, { metaData: '{} ' }),
        other(9, { metaData: null }),
        other(10, { metaData: '' }),
        other(11, { value: `rbd://f/p'?\\/${SEED_IMAGE}/snap`, metaData: '{"É": 1}' }),
        other(12, { value: `rbd://f/p'?\\/${SEED_IMAGE}/snap`, metaData: '{}' }),
        other(13, { imageId: UPPER_IMAGE, value: `file:///images/${UPPER_IMAGE}` }),
        other(14, { imageId: 'no-uuid', value: 'file:///images/no-uuid' }),
        other(15, { status: 'deleted', deleted: true }),
        other(16, { status: 'pending_delete', deleted: true }),
        other(17, { metaData: '{"e\u0301": 1}', value: `rbd://f/p'?\\/${SEED_IMAGE}/snap` }),
      );
      expect(await table.countKinds(ACTIVE, everything, kinds)).toEqual({
        counts: [2, 1],
        others: [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17],
      });
      expect(
        await table.countKinds(WITH_PENDING_DELETE, { ...everything, last: 16, after: 12 }, [
          kindOf({}),
        ]),
      ).toEqual({ counts: [2], others: [14] });
      const listed = await table.listKinds(ACTIVE, everything, kinds);
      const others = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17].map((id) => [id, undefined]);
      expect(listed.map(({ id, kind }) => [id, kind])).toEqual([[1, 0], [2, 0], [3, 1], ...others]);
      expect(listed[1]?.imageId).toBe(OTHER_IMAGE);
      const some = await table.listKinds(
        WITH_PENDING_DELETE,
        { after: 3, last: 16, limit: 2 },
        kinds,
      );
      expect(some.map(({ id }) => id)).toEqual([4, 5]);
      const late = await table.listKinds(WITH_PENDING_DELETE, { ...everything, after: 15 }, kinds);
      expect(late.map(({ id, kind }) => [id, kind])).toEqual([
        [16, 0],
        [17, undefined],
      ]);
    });

    if (dialect === 'sqlite') {
      it('lists an image id that is no UTF-8 and lives', async () => {
        await seed(other(1, {}), other(2, {}));
        await database.run(
          `UPDATE image_locations SET image_id = CAST(x'ff' AS TEXT) WHERE id = 1`,
        );
        const listed = await table.listKinds(ACTIVE, everything, kinds);
        expect(listed.map(({ id, kind }) => [id, kind])).toEqual([
          [1, undefined],
          [2, 0],
        ]);
      });
    }

    it('does not take an image id in another case for the one in the URL', async () => {
      const kind = kindOf({});
      await seed(
        other(1, { imageId: UPPER_IMAGE, value: `file:///images/${UPPER_IMAGE.toLowerCase()}` }),
      );
      expect(await table.countKinds(ACTIVE, everything, [kind])).toEqual({
        counts: [0],
        others: [1],
      });
    });

    it('tells the logins in URLs apart', async () => {
      const urlOf = (login: string) => `s3+https://${login}@s3/b/${SEED_IMAGE}`;
      const login = "kéy:s%2Fcr'e@t";
      await seed(
        other(1, { value: urlOf(login) }),
        other(2, { value: urlOf("kéy:s%2Fcr'e@T") }),
        other(3, { value: urlOf("kéY:s%2Fcr'e@t") }),
        other(4, { value: urlOf("kèy:s%2Fcr'e@t") }),
        other(5, { value: `s3+https://${login}@S3/b/${SEED_IMAGE}` }),
        other(6, { value: `${urlOf(login)}0` }),
        other(7, { value: `s3+https:/${login}/@s3/b/${SEED_IMAGE}` }),
      );
      const kind = kindOf({ head: `s3+https://${login}@s3/b/` });
      expect(await table.countKinds(ACTIVE, everything, [kind])).toEqual({
        counts: [1],
        others: [2, 3, 4, 5, 6, 7],
      });
      const update = { kind, metaData: 'new' };
      const write = (...ids: number[]) => table.rewriteKinds(ACTIVE, [{ ...update, ids }], NOON);
      expect(await write(1, 2)).toBe(false);
      expect(await write(1)).toBe(true);
      expect(await textOf(1)).toBe('new');
    });

    it('takes no login for another whose row is not what it was', async () => {
      const urlOf = (login: string) => `s3+https://${login}@s3/b/${SEED_IMAGE}`;
      await seed(other(1, { value: urlOf('new') }), other(2, { value: urlOf('old') }));
      const kindWith = (example: number) => ({
        ...kindOf({ head: 's3+https://old@s3/b/' }),
        example,
      });
      const count = async (example: number) =>
        table.countKinds(ACTIVE, everything, [kindWith(example)]);
      expect(await count(2)).toEqual({ counts: [1], others: [1] });
      // Where nobody keeps statements the login stands in them, so that no row is needed for it.
      const inStatement = dialect === 'sqlite' ? { counts: [1], others: [1] } : undefined;
      const unknown = inStatement ?? { counts: [0], others: [1, 2] };
      expect(await count(1)).toEqual(unknown);
      expect(await count(7)).toEqual(unknown);
      const update = { kind: kindWith(7), metaData: 'new' };
      const write = (...ids: number[]) => table.rewriteKinds(ACTIVE, [{ ...update, ids }], NOON);
      expect(await write(1)).toBe(false);
      expect(await write(2)).toBe(true);
      expect([await textOf(1), await textOf(2)]).toEqual(['{}', 'new']);
    });

    it('gives up where too many rows are of no kind', async () => {
      await seed(other(1, {}), other(2, { metaData: '[]' }), other(3, { metaData: '[]' }));
      const ask = (limit: number) => table.countKinds(ACTIVE, { ...everything, limit }, kinds);
      expect(await ask(3)).toEqual({ counts: [1, 0], others: [2, 3] });
      expect(await ask(2)).toBeUndefined();
      expect(await ask(1)).toBeUndefined();
    });
  });

  describe('rewriting', () => {
    it('shows the rows that still exist, in key order, with all that may have changed', async () => {
      await seed(
        { id: 8, status: 'deleted', deleted: true },
        { id: 2, metaData: null, updatedAt: null },
      );
      const seen: unknown[] = [];
      await table.rewrite([8, 5, 2], NOON, (rows) => {
        seen.push(...rows);
        return [];
      });
      expect(seen).toMatchObject([
        { id: 2, metaData: null, updatedAt: null, deleted: false },
        { id: 8, status: 'deleted', deleted: true, updatedAt: '2020-01-02 03:04:05' },
      ]);
    });

    it.each([
      ['plain', '{"store": "fast"}'],
      ['quotes and backslashes', `{"a": "it's \\\\ \\"q\\" \\n \\u0000"}`],
      ['characters outside ASCII', '{"å": "漢字 ß"}'],
      ['what looks like a placeholder', '{"?": ":name $1 %s ?? \\?"}'],
      ['nothing', ''],
      ['line breaks and control characters', '{\r\n\t"a":\u0001 1\u001a}'],
    ])('writes %s byte for byte', async (_, metaData) => {
      await seed({ id: 1 });
      await table.rewrite([1], NOON, () => [{ id: 1, metaData }]);
      expect(await textOf(1)).toBe(metaData);
    });

    it('touches meta_data and updated_at of the rows it is told to, and nothing else', async () => {
      await seed({ id: 1 }, { id: 2 }, { id: 3, metaData: '{"k": 1}' });
      const before = await readLocations(database);
      await table.rewrite([1, 2, 3], NOON, () => [
        { id: 3, metaData: '{"k": 1, "store": "b"}' },
        { id: 1, metaData: '{"store": "a"}' },
      ]);
      const updatedAt = dialect === 'sqlite' ? '2026-11-22 12:00:00.000000' : '2026-11-22 12:00:00';
      expect(await readLocations(database)).toEqual([
        { ...before[0], metaData: '{"store": "a"}', updatedAt },
        before[1],
        { ...before[2], metaData: '{"k": 1, "store": "b"}', updatedAt },
      ]);
    });

    it('shows the updated_at that it wrote itself', async () => {
      await seed({ id: 1 });
      await table.rewrite([1], NOON, () => [{ id: 1, metaData: 'x' }]);
      await table.rewrite([1], NOON, (rows) => {
        expect(rows[0]?.updatedAt).toBe('2026-11-22 12:00:00');
        return [];
      });
    });

    it('counts a row whose text stays the same as found', async () => {
      await seed({ id: 1, metaData: 'same', updatedAt: '2026-11-22 12:00:00' });
      await expect(
        table.rewrite([1], NOON, () => [{ id: 1, metaData: 'same' }]),
      ).resolves.toBeUndefined();
    });

    it('writes a batch of five thousand rows', async () => {
      const ids = Array.from({ length: 5000 }, (_, index) => index + 1);
      await seed({ id: 5000 });
      await fillUp(4999);
      await table.rewrite(ids, NOON, (rows) =>
        rows.map(({ id }) => ({ id, metaData: id % 2 === 0 ? 'even' : 'odd' })),
      );
      const texts = (await readLocations(database)).map(({ metaData }) => metaData);
      expect(texts.filter((text) => text === 'odd')).toHaveLength(2500);
      expect(texts.filter((text) => text === 'even')).toHaveLength(2500);
    });

    it('gives each of many rows its own text', async () => {
      const ids = Array.from({ length: 300 }, (_, index) => index + 1);
      await seed({ id: 300 });
      await fillUp(299);
      const textFor = (id: number) => [null, '', `{"k": ${id}}`, '{"k": 0}'][id % 4] ?? null;
      await table.rewrite(ids, NOON, () => ids.map((id) => ({ id, metaData: textFor(id) })));
      const texts = (await readLocations(database)).map(({ metaData }) => metaData);
      expect(texts).toEqual(ids.map(textFor));
    });

    it('does nothing for no rows', async () => {
      await table.rewrite([], NOON, () => [{ id: 1, metaData: 'x' }]);
    });

    it('writes nothing when the decision fails, and works on after it', async () => {
      await seed({ id: 1, metaData: 'old' });
      const failure = new Error('no decision');
      const attempt = table.rewrite([1], NOON, () => {
        throw failure;
      });
      await expect(attempt).rejects.toBe(failure);
      await table.rewrite([1], NOON, (rows) => {
        expect(rows[0]?.metaData).toBe('old');
        return [];
      });
    });

    if (dialect === 'sqlite') {
      it('tells no value of a statement that failed', async () => {
        await seed({ id: 1 });
        await database.run(
          `CREATE TRIGGER refuse BEFORE UPDATE ON image_locations BEGIN SELECT RAISE(ABORT, 'no'); END`,
        );
        const updates = [{ id: 1, metaData: 'a - s3cret' }];
        const failure = await failureOf(table.rewrite([1], NOON, () => updates));
        await database.run('DROP TRIGGER refuse');
        expect(failure).toMatchObject({ kind: 'fatal', cause: { said: 'no' } });
        expect(JSON.stringify(failure)).not.toContain('s3cret');
      });
    }

    it('writes nothing when told to update a row that is not locked', async () => {
      await seed({ id: 1, metaData: 'old' }, { id: 2, metaData: 'old' });
      const attempt = table.rewrite([1, 3], NOON, () => [
        { id: 1, metaData: 'new' },
        { id: 2, metaData: 'new' },
      ]);
      await expect(attempt).rejects.toThrow('location 2 is not locked');
      expect(await textOf(1)).toBe('old');
    });
  });

  describe('rewriting rows by kind', () => {
    const labelled = '{"store": "fast"}';
    const below = (id: number, differences: Partial<SeedLocation> = {}): SeedLocation => ({
      ...{ id, imageId: SEED_IMAGE, value: `file:///images/${SEED_IMAGE}` },
      ...differences,
    });
    const rbdKind = kindOf({ head: "rbd://f/p'?\\/", tail: '/snap', metaData: '{"é?": 1}' });
    const rbdRow = { value: `rbd://f/p'?\\/${SEED_IMAGE}/snap`, metaData: '{"é?": 1}' };
    const rbdText = `it's "é?"`;
    const write = (
      ids: readonly number[],
      { scope = ACTIVE, kind = kindOf({}), rbd = [] as readonly number[] } = {},
    ) => {
      const updates = [
        { kind, metaData: labelled, ids },
        { kind: rbdKind, metaData: rbdText, ids: rbd },
      ];
      return table.rewriteKinds(scope, updates.slice(0, rbd.length === 0 ? 1 : 2), NOON);
    };

    it('gives each kind its text, and touches nothing else', async () => {
      await seed(below(1), below(2), below(3, rbdRow), below(4));
      const before = await readLocations(database);
      expect(await write([4, 1], { rbd: [3] })).toBe(true);
      const updatedAt = dialect === 'sqlite' ? '2026-11-22 12:00:00.000000' : '2026-11-22 12:00:00';
      expect(await readLocations(database)).toEqual([
        { ...before[0], metaData: labelled, updatedAt },
        before[1],
        { ...before[2], metaData: rbdText, updatedAt },
        { ...before[3], metaData: labelled, updatedAt },
      ]);
    });

    it.each<[string, Partial<SeedLocation>]>([
      ['has another text', { metaData: '{"k": 1}' }],
      ['has a text in other case', { metaData: '{} ' }],
      ['has no text', { metaData: null }],
      ['has its label already', { metaData: labelled }],
      ['has another URL', { value: `file:///Images/${SEED_IMAGE}` }],
      ['has a longer URL', { value: `file:///images/${SEED_IMAGE} ` }],
      ['is of another image', { value: `file:///images/${OTHER_IMAGE}` }],
      ['is deleted', { status: 'deleted', deleted: true }],
      ['awaits the scrubber', { status: 'pending_delete', deleted: true }],
    ])('writes none where one %s', async (_, differences) => {
      await seed(below(1), below(2, differences), below(3));
      const before = await readLocations(database);
      expect(await write([1, 2, 3])).toBe(false);
      expect(await readLocations(database)).toEqual(before);
    });

    it('writes none where one is gone, whatever else has come to be of the kind', async () => {
      await seed(below(1), below(2), below(4));
      const before = await readLocations(database);
      expect(await write([1, 3, 4])).toBe(false);
      expect(await readLocations(database)).toEqual(before);
    });

    it('writes none where one has become of another kind that is written as well', async () => {
      await seed(below(1), below(2, rbdRow), below(3, rbdRow), below(4));
      const before = await readLocations(database);
      expect(await write([1, 2], { rbd: [3] })).toBe(false);
      expect(await write([1], { rbd: [3, 4] })).toBe(false);
      expect(await readLocations(database)).toEqual(before);
    });

    it('writes none where one is an exception', async () => {
      await seed(below(1));
      expect(await write([1], { kind: kindOf({ exceptions: [SEED_IMAGE] }) })).toBe(false);
    });

    it('writes rows that await the scrubber when they are in scope', async () => {
      await seed(below(1, { status: 'pending_delete', deleted: true }));
      expect(await write([1], { scope: WITH_PENDING_DELETE })).toBe(true);
      expect(await textOf(1)).toBe(labelled);
    });

    it('writes rows far from each other, and a batch of five thousand', async () => {
      await seed(below(20_000), below(40_000));
      await fillUp(4999);
      await database.run(`UPDATE image_locations SET value = 'file:///images/${SEED_IMAGE}'`);
      const ids = Array.from({ length: 4999 }, (_, index) => index + 1);
      expect(await write([20_000, 40_000])).toBe(true);
      expect(await write(ids)).toBe(true);
      expect(await write(ids)).toBe(false);
    });
  });

  /** Inserts rows 1 to `count` in one statement. */
  async function fillUp(count: number): Promise<void> {
    const series =
      dialect === 'mysql'
        ? `SELECT seq AS n FROM seq_1_to_${count}`
        : dialect === 'postgresql'
          ? `SELECT n FROM generate_series(1, ${count}) AS n`
          : `SELECT value AS n FROM generate_series(1, ${count})`;
    await database.run(
      `INSERT INTO image_locations (id, image_id, value, meta_data, status, deleted, created_at)
       SELECT n, '${SEED_IMAGE}', 'file:///x', '{}', 'active', ${dialect === 'postgresql' ? 'false' : '0'}, '2020-01-01'
       FROM (${series}) AS series`,
    );
  }
});
