import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { LocationTable } from '../../src/database/location-table.ts';
import { type JournalPart, readJournal } from '../../src/journal/read-journal.ts';
import { runOn, type RunOptions } from '../support/backfill-run.ts';
import { stores } from '../support/file-stores.ts';
import {
  createGlanceDatabase,
  DIALECTS,
  type DialectName,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { startCuttingProxy } from '../support/servers-proxy.ts';
import { openTable } from '../support/servers-table.ts';
import { journalAt, undoOn } from '../support/undo-run.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

/** Texts that a run labels; NULL, the empty text and an empty object must not be taken for each other. */
const texts = [
  null,
  '',
  '{}',
  ' { } ',
  '{"store": ""}',
  '{"store": "gone"}',
  '{"a": "\\u00e9 é 漢 \\\\ \' \\" % ? :x $1", "store": null}',
  '{"n": 1e400, "n": 12345678901234567890,\t"x":[1 , 2]}',
];

let database: GlanceDatabase;
let table: LocationTable;
let workplace: Workplace;

async function prepare(dialect: DialectName): Promise<void> {
  workplace = makeWorkplace();
  database = await createGlanceDatabase(dialect);
  table = await openTable(database.url);
  await seedLocations(database, [
    // Each URL of its own: every row is looked at under lock.
    ...texts.map((metaData, index) => ({
      id: index + 1,
      value: `file:///images/${index}`,
      metaData,
    })),
    { id: 50, metaData: '{"store": "fast"}' },
    { id: 51, value: 'file:///elsewhere/1', metaData: null },
    { id: 52, status: 'deleted', deleted: true },
  ]);
}

afterEach(async () => {
  await table.close();
  await database.drop();
  workplace.remove();
});

/** Runs the backfill with a journal, and tells the journal's path. */
async function backfill(name: string, options: Partial<RunOptions> = {}): Promise<string> {
  const journal = journalAt(workplace.path(name));
  await runOn(table, { stores, batchSize: 3, journal, ...options });
  await journal.close();
  return workplace.path(name);
}

/** All rows, without the time of their last change. */
async function readTexts(): Promise<readonly unknown[]> {
  return (await readLocations(database)).map((row) => ({ ...row, updatedAt: null }));
}

const textOf = async (id: number) =>
  (await readLocations(database)).find((row) => row.id === id)?.metaData;

describe.each(DIALECTS)('undo on %s', (dialect) => {
  beforeEach(() => prepare(dialect));

  it('puts back every text byte for byte, NULL, the empty text and {} each as it was', async () => {
    const before = await readTexts();
    const journal = await backfill('run.ndjson');
    expect(await readTexts()).not.toEqual(before);
    const startedAt = new Date(Date.now() - 1000).toISOString().slice(0, 19).replace('T', ' ');
    expect(await undoOn(table, journal)).toEqual({ restored: texts.length, leftAlone: [] });
    expect(await readTexts()).toEqual(before);
    for (const { id, updatedAt } of await readLocations(database)) {
      if (id <= texts.length) expect(String(updatedAt) >= startedAt, String(updatedAt)).toBe(true);
      else expect(updatedAt).toMatch(/^2020-01-02 03:04:05/);
    }
  });

  it('leaves rows alone that were touched since, and says why', async () => {
    const journal = await backfill('run.ndjson');
    const yes = dialect === 'postgresql' ? 'true' : '1';
    const set = (id: number, assignments: string) =>
      database.run(`UPDATE image_locations SET ${assignments} WHERE id = ${id}`);
    const later = `updated_at = '2031-01-01 00:00:00'`;
    await database.run('DELETE FROM image_locations WHERE id = 1');
    await set(2, `status = 'deleted', deleted = ${yes}, ${later}`);
    await set(3, `status = 'pending_delete', deleted = ${yes}, ${later}`);
    await set(4, `meta_data = '{"store": "other"}', ${later}`);
    await set(5, later);
    await set(6, `meta_data = '{"store": "gone"}', ${later}`);
    const before = await readLocations(database);
    const { restored, leftAlone } = await undoOn(table, journal);
    expect(restored).toBe(texts.length - 6);
    expect(leftAlone).toEqual([
      [1, 'removed since'],
      [2, 'deleted since'],
      [3, 'deleted since'],
      [4, 'changed since'],
      [5, 'saved again since, with the same meta_data'],
      [6, 'holds its old meta_data already'],
    ]);
    const after = await readLocations(database);
    for (const id of [2, 3, 4, 5, 6]) {
      expect(after.find((row) => row.id === id)).toEqual(before.find((row) => row.id === id));
    }
  });

  it('leaves a row alone that is touched while it is about to be put back', async () => {
    const journal = await backfill('run.ndjson');
    const interrupted: LocationTable = {
      ...table,
      async rewrite(...rewrite) {
        await database.run(`UPDATE image_locations SET meta_data = '{"theirs": 1}' WHERE id = 3`);
        await table.rewrite(...rewrite);
      },
    };
    const own = journalAt(workplace.path('undo.ndjson'));
    const { restored, leftAlone } = await undoOn(interrupted, journal, { journal: own });
    expect(restored).toBe(texts.length - 1);
    expect(leftAlone).toEqual([[3, 'changed since']]);
    expect(await textOf(3)).toBe('{"theirs": 1}');
    expect(await undoOn(table, workplace.path('undo.ndjson'), { mode: 'dry-run' })).toEqual({
      restored: texts.length - 1,
      leftAlone: [],
    });
  });

  it('restores nothing the second time, and leaves no journal of that', async () => {
    const journal = await backfill('run.ndjson');
    await undoOn(table, journal);
    const before = await readLocations(database);
    const own = journalAt(workplace.path('second.ndjson'));
    const { restored, leftAlone } = await undoOn(table, journal, { journal: own });
    expect(restored).toBe(0);
    expect(leftAlone).toHaveLength(texts.length);
    expect(await readLocations(database)).toEqual(before);
    expect(existsSync(workplace.path('second.ndjson'))).toBe(false);
  });

  it('can be undone itself', async () => {
    const journal = await backfill('run.ndjson');
    const labelled = await readTexts();
    await undoOn(table, journal, { journal: journalAt(workplace.path('undo.ndjson')) });
    expect(await undoOn(table, workplace.path('undo.ndjson'))).toEqual({
      restored: texts.length,
      leftAlone: [],
    });
    expect(await readTexts()).toEqual(labelled);
  });

  it('says in a dry run what it would do, and does nothing', async () => {
    const journal = await backfill('run.ndjson');
    await database.run(`UPDATE image_locations SET meta_data = 'x' WHERE id = 4`);
    const before = await readLocations(database);
    const reading = await openTable(database.url, { readOnly: true });
    const dry = await undoOn(reading, journal, { mode: 'dry-run' });
    await reading.close();
    expect(await readLocations(database)).toEqual(before);
    expect(await undoOn(table, journal)).toEqual(dry);
  });

  it('takes back what a run wrote into a row that Glance changed in mid-run, and keeps what Glance wrote', async () => {
    const theirs = '{"theirs": 1}';
    let batches = 0;
    const busy: LocationTable = {
      ...table,
      async rewrite(...rewrite) {
        if ((batches += 1) === 1) {
          await database.run(`UPDATE image_locations SET meta_data = ? WHERE id = 2`, [theirs]);
        }
        await table.rewrite(...rewrite);
      },
    };
    const journal = journalAt(workplace.path('run.ndjson'));
    const { rows } = await runOn(busy, { stores, batchSize: 3, writers: 1, journal });
    await journal.close();
    expect(rows).toMatchObject({ conflicted: 0, assigned: texts.length - 1, replaced: 1 });
    expect(await textOf(2)).toBe('{"theirs": 1, "store": "fast"}');
    const { restored } = await undoOn(table, workplace.path('run.ndjson'));
    expect(restored).toBe(texts.length);
    expect(await textOf(2)).toBe(theirs);
  });

  it('lets a row be that keeps changing, after five plans', async () => {
    let changes = 0;
    const busy: LocationTable = {
      ...table,
      async rewrite(ids, ...rest) {
        if (ids.includes(2)) {
          const text = `{"theirs": ${(changes += 1)}}`;
          await database.run(`UPDATE image_locations SET meta_data = ? WHERE id = 2`, [text]);
        }
        await table.rewrite(ids, ...rest);
      },
    };
    const journal = journalAt(workplace.path('run.ndjson'));
    const { rows, decisions } = await runOn(busy, { stores, batchSize: 3, journal });
    await journal.close();
    expect(rows).toMatchObject({ conflicted: 1, examined: texts.length + 2 });
    expect(decisions.get(2)).toEqual({ kind: 'conflicted', reason: 'keeps changing' });
    expect(await textOf(2)).toBe('{"theirs": 5}');
    expect(await undoOn(table, workplace.path('run.ndjson'))).toEqual({
      restored: texts.length - 1,
      leftAlone: [],
    });
  });

  it('writes nothing when the journal cannot be made', async () => {
    const before = await readLocations(database);
    workplace.write('a-file', '');
    await expect(backfill('a-file/run.ndjson')).rejects.toThrow(/run\.ndjson cannot be made/);
    expect(await readLocations(database)).toEqual(before);
  });

  it('notes a batch that was rolled back for good as such', async () => {
    const failing: LocationTable = {
      ...table,
      rewrite: (ids, updatedAt, settle) =>
        table.rewrite(ids, updatedAt, (rows) => {
          settle(rows);
          throw new Error('no decision');
        }),
    };
    const journal = journalAt(workplace.path('run.ndjson'));
    await expect(runOn(failing, { stores, writers: 1, journal })).rejects.toThrow('no decision');
    await journal.close();
    const outcomes = await readOutcomes(workplace.path('run.ndjson'));
    expect(outcomes).toEqual(['none']);
  });
});

async function readOutcomes(path: string): Promise<readonly unknown[]> {
  const parts: JournalPart[] = [];
  for await (const part of readJournal(path)) parts.push(part);
  return parts.flatMap((part) => (part.kind === 'batch' ? [part.written] : []));
}

describe.each(['mysql', 'postgresql'] as const)('on %s', (dialect) => {
  beforeEach(() => prepare(dialect));

  it.each(['before the server gets it', 'before the client gets the answer'] as const)(
    'a run whose COMMIT is lost %s counts and undoes each row once',
    async (when) => {
      const before = await readTexts();
      const proxied = await openThroughProxy(when);
      const journal = journalAt(workplace.path('run.ndjson'));
      const { rows } = await runOn(proxied.table, { stores, writers: 1, journal });
      await journal.close();
      await proxied.close();
      expect(proxied.cuts()).toBe(1);
      expect(rows).toMatchObject({ assigned: texts.length - 1, replaced: 1, current: 1 });
      expect(await readOutcomes(workplace.path('run.ndjson'))).toEqual(['all']);
      expect(await undoOn(table, workplace.path('run.ndjson'))).toMatchObject({
        restored: texts.length,
      });
      expect(await readTexts()).toEqual(before);
    },
  );

  it.each(['before the server gets it', 'before the client gets the answer'] as const)(
    'an undo whose COMMIT is lost %s counts each row once',
    async (when) => {
      const before = await readTexts();
      const run = await backfill('run.ndjson');
      const proxied = await openThroughProxy(when);
      const journal = journalAt(workplace.path('undo.ndjson'));
      const result = await undoOn(proxied.table, run, { journal });
      await proxied.close();
      expect(proxied.cuts()).toBe(1);
      expect(result).toEqual({ restored: texts.length, leftAlone: [] });
      expect(await readOutcomes(workplace.path('undo.ndjson'))).toEqual(['all']);
      expect(await readTexts()).toEqual(before);
    },
  );

  /** The table, with the line cut at the first COMMIT. */
  async function openThroughProxy(when: Parameters<typeof startCuttingProxy>[1]) {
    const proxy = await startCuttingProxy(inject('servers')[dialect].port, when);
    // PostgreSQL would encrypt, and the proxy could not read.
    const plain = dialect === 'postgresql' ? '?sslmode=disable' : '';
    const url = database.url.replace(/:\d+\//, `:${proxy.port}/`);
    const behind = await openTable(`${url}${plain}`);
    let batches = 0;
    return {
      table: {
        ...table,
        rewrite: (...rewrite: Parameters<LocationTable['rewrite']>) =>
          ((batches += 1) === 1 ? behind : table).rewrite(...rewrite),
      },
      cuts: proxy.cuts,
      close: async () => {
        await behind.close();
        await proxy.close();
      },
    };
  }
});
