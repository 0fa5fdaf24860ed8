import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { LocationTable } from '../../../src/database/location-table.ts';
import {
  createGlanceDatabase,
  type AdminSession,
  type GlanceDatabase,
} from '../../support/servers-database.ts';
import { failureOf } from '../../support/servers-failure.ts';
import { readLocations, seedLocations } from '../../support/servers-locations.ts';
import { startCuttingProxy } from '../../support/servers-proxy.ts';
import { awaitSession, findSessions, killSession } from '../../support/servers-sessions.ts';
import { openTable } from '../../support/servers-table.ts';

const NOON = new Date('2026-11-22T12:00:00Z');

let database: GlanceDatabase;
let table: LocationTable;
let other: AdminSession;

async function prepare(dialect: GlanceDatabase['dialect']): Promise<void> {
  database = await createGlanceDatabase(dialect);
  await seedLocations(database, [
    { id: 1, metaData: 'old' },
    { id: 2, metaData: 'old' },
    { id: 3, metaData: 'old' },
  ]);
  table = await openTable(database.url);
  other = await database.connect();
}

afterEach(async () => {
  await other.close();
  await table.close();
  await database.drop();
});

const rewriteAll = (target = table) =>
  target.rewrite([1, 2, 3], NOON, (rows) => rows.map(({ id }) => ({ id, metaData: 'new' })));

/** The same, compared by the statement that writes them. */
const writeUnseen = (target = table) => {
  const url = { head: 'file:///images/', tail: '', exceptions: [] };
  const update = { kind: { url, metaData: 'old', example: 1 }, metaData: 'new', ids: [1, 2, 3] };
  return target.rewriteKinds({ pendingDelete: false, imageIds: undefined }, [update], NOON);
};

const ways = [
  { way: 'looks first', write: rewriteAll },
  { way: 'is compared as it is written', write: writeUnseen },
];

const texts = async () => (await readLocations(database)).map(({ metaData }) => metaData);

/** Matches a text that contains `part`. */
const containing = (part: string): unknown => expect.stringContaining(part);

describe.each(['mysql', 'postgresql'] as const)('%s', (dialect) => {
  beforeEach(() => prepare(dialect));

  it('looks at a row that is being changed only after that change is committed', async () => {
    await other.run('BEGIN');
    await other.run(`UPDATE image_locations SET meta_data = 'theirs' WHERE id = 2`);
    const seen: unknown[] = [];
    const rewritten = table.rewrite([1, 2], NOON, (rows) => {
      seen.push(...rows.map(({ metaData }) => metaData));
      return [];
    });
    await awaitSession(database, 'waiting for a row lock');
    await other.run('COMMIT');
    await rewritten;
    expect(seen).toEqual(['old', 'theirs']);
  });

  if (dialect === 'postgresql') {
    it('does so whatever isolation is the default', async () => {
      await other.run(
        `ALTER DATABASE ${database.name} SET default_transaction_isolation = 'serializable'`,
      );
      await table.close();
      table = await openTable(database.url);
      await other.run('BEGIN');
      await other.run(`UPDATE image_locations SET meta_data = 'theirs' WHERE id = 2`);
      const rewritten = rewriteAll();
      await awaitSession(database, 'waiting for a row lock');
      await other.run('COMMIT');
      await rewritten;
      expect(await texts()).toEqual(['new', 'new', 'new']);
    });
  }

  it('misses a row that is deleted while it waits', async () => {
    await other.run('BEGIN');
    await other.run('DELETE FROM image_locations WHERE id = 2');
    const seen: number[] = [];
    const rewritten = table.rewrite([1, 2, 3], NOON, (rows) => {
      seen.push(...rows.map(({ id }) => id));
      return [];
    });
    await awaitSession(database, 'waiting for a row lock');
    await other.run('COMMIT');
    await rewritten;
    expect(seen).toEqual([1, 3]);
  });

  it('locks in key order, however many rows', async () => {
    await addLocations(4, 3000);
    await other.run('BEGIN');
    await other.run('SELECT id FROM image_locations WHERE id = 1500 FOR UPDATE');
    const rewritten = table.rewrite(idsUpTo(3000).toReversed(), NOON, () => []);
    await awaitSession(database, 'waiting for a row lock');
    const free = await database.run(
      'SELECT id FROM image_locations ORDER BY id FOR UPDATE SKIP LOCKED',
    );
    await other.run('COMMIT');
    await rewritten;
    expect(free.map(([id]) => id)).toEqual(idsUpTo(3000).slice(1500));
  });

  it('locks no row outside the batch', async () => {
    await addLocations(4, 1200);
    await other.run('BEGIN');
    await other.run('SELECT id FROM image_locations WHERE id = 1 FOR UPDATE');
    await other.run('SELECT id FROM image_locations WHERE id = 1200 FOR UPDATE');
    await table.rewrite(idsUpTo(1199).slice(1), NOON, (rows) =>
      rows.map(({ id }) => ({ id, metaData: 'new' })),
    );
    await other.run('COMMIT');
  });

  it('has two batches on the same rows go one after the other', async () => {
    await Promise.all([rewriteAll(), rewriteAll()]);
    expect(await texts()).toEqual(['new', 'new', 'new']);
  });

  describe.each(ways)('a batch that $way', ({ write }) => {
    it('gives way to whoever holds a row lock, after a second', async () => {
      await other.run('BEGIN');
      await other.run('SELECT id FROM image_locations WHERE id = 3 FOR UPDATE');
      const failure = await failureOf(write());
      expect(failure).toMatchObject({
        kind: 'contended',
        message: containing('row lock'),
      });
      expect(failure.milliseconds).toBeGreaterThan(700);
      expect(failure.milliseconds).toBeLessThan(2500);
      await other.run('ROLLBACK');
      expect(await texts()).toEqual(['old', 'old', 'old']);
      await write();
      expect(await texts()).toEqual(['new', 'new', 'new']);
    });

    it('is rolled back by a deadlock, and may try again', async () => {
      if (dialect === 'postgresql') {
        // Else the session that waits longer for deadlock_timeout than for the lock would not look for one.
        await database.run(`ALTER DATABASE ${database.name} SET deadlock_timeout = '200ms'`);
        await table.close();
        table = await openTable(database.url);
      }
      await other.run('BEGIN');
      // MySQL ends the transaction that has changed less.
      await other.run(`UPDATE image_locations SET meta_data = 'theirs' WHERE id IN (2, 3)`);
      const failed = failureOf(write());
      await awaitSession(database, 'waiting for a row lock');
      await other.run('UPDATE image_locations SET meta_data = ? WHERE id = 1', ['theirs']);
      await other.run('COMMIT');
      expect(await failed).toMatchObject({
        kind: 'contended',
        message: containing('deadlock'),
      });
      expect(await texts()).toEqual(['theirs', 'theirs', 'theirs']);
    });

    it('tells a query that somebody killed from a failure', async () => {
      await other.run('BEGIN');
      await other.run('SELECT id FROM image_locations WHERE id = 3 FOR UPDATE');
      const failed = failureOf(write());
      const session = await awaitSession(database, 'waiting for a row lock');
      await database.run(
        dialect === 'mysql' ? `KILL QUERY ${session}` : `SELECT pg_cancel_backend(${session})`,
      );
      expect(await failed).toMatchObject({ kind: 'killed' });
      await other.run('ROLLBACK');
      await write();
      expect(await texts()).toEqual(['new', 'new', 'new']);
    });

    it('goes on with a new connection after one was killed in the middle of a batch', async () => {
      await other.run('BEGIN');
      await other.run('SELECT id FROM image_locations WHERE id = 3 FOR UPDATE');
      const failed = failureOf(write());
      const session = await awaitSession(database, 'waiting for a row lock');
      await killSession(database, session);
      expect(await failed).toMatchObject({ kind: 'transient' });
      await other.run('ROLLBACK');
      expect(await texts()).toEqual(['old', 'old', 'old']);
      await write();
      expect(await texts()).toEqual(['new', 'new', 'new']);
    });

    it.each([
      ['before the server gets it', 'old'],
      ['before the client gets the answer', 'new'],
    ] as const)(
      'does not know the outcome when the line breaks at COMMIT, %s',
      async (when, text) => {
        const proxy = await startCuttingProxy(inject('servers')[dialect].port, when);
        // PostgreSQL would encrypt, and the proxy could not read.
        const plain = dialect === 'postgresql' ? '?sslmode=disable' : '';
        const url = database.url.replace(/:\d+\//, `:${proxy.port}/`);
        const throughProxy = await openTable(`${url}${plain}`);
        try {
          const failure = await failureOf(write(throughProxy));
          expect(failure).toMatchObject({ kind: 'commit-unknown' });
          expect(proxy.cuts()).toBe(1);
          await expect.poll(() => texts()).toEqual([text, text, text]);
        } finally {
          await throughProxy.close();
          await proxy.close();
        }
      },
    );
  });

  it('writes nothing unseen where a row has changed by the time it is free', async () => {
    await other.run('BEGIN');
    await other.run(`UPDATE image_locations SET meta_data = 'theirs' WHERE id = 2`);
    const written = writeUnseen();
    await awaitSession(database, 'waiting for a row lock');
    await other.run('COMMIT');
    expect(await written).toBe(false);
    expect(await texts()).toEqual(['old', 'theirs', 'old']);
  });

  it('goes on with a new connection after an idle one was killed', async () => {
    expect(await table.lastId()).toBe(3);
    for (const session of await findSessions(database, 'connected'))
      await killSession(database, session);
    await sleep(100);
    expect(await table.lastId()).toBe(3);
  });

  const idsUpTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

  /** Inserts locations with all ids of a range. */
  async function addLocations(first: number, last: number): Promise<void> {
    const [series, no] =
      dialect === 'mysql'
        ? [`seq_${first}_to_${last}`, '0']
        : [`generate_series(${first}, ${last}) AS series(seq)`, 'false'];
    await database.run(
      `INSERT INTO image_locations (id, image_id, value, status, deleted, created_at)
       SELECT seq, (SELECT MIN(id) FROM images), 'x', 'active', ${no}, '2020-01-01' FROM ${series}`,
    );
  }
});

describe('sqlite', () => {
  beforeEach(() => prepare('sqlite'));

  it('gives way to whoever holds the file locked, after a second', async () => {
    await other.run('BEGIN IMMEDIATE');
    const failure = await failureOf(rewriteAll());
    expect(failure).toMatchObject({
      kind: 'contended',
      message: containing('locked'),
    });
    expect(failure.milliseconds).toBeGreaterThan(700);
    expect(failure.milliseconds).toBeLessThan(2500);
    await other.run('ROLLBACK');
    await rewriteAll();
    expect(await texts()).toEqual(['new', 'new', 'new']);
  });

  it('has batches and pages asked for at the same time go one after the other', async () => {
    const scope = { pendingDelete: false, imageIds: undefined };
    const page = table.readPage(scope, { after: 0, last: 3, limit: 10 });
    await Promise.all([rewriteAll(), page, rewriteAll(), table.lastId()]);
    expect(await texts()).toEqual(['new', 'new', 'new']);
  });

  it('is rolled back when a reader does not let it commit, and may try again', async () => {
    await other.run('BEGIN');
    await other.run('SELECT id FROM image_locations');
    expect(await failureOf(rewriteAll())).toMatchObject({ kind: 'contended' });
    await other.run('COMMIT');
    expect(await texts()).toEqual(['old', 'old', 'old']);
    await rewriteAll();
    expect(await texts()).toEqual(['new', 'new', 'new']);
  });
});

describe.each([
  [
    'postgresql',
    [
      `CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
      `CREATE TRIGGER skip BEFORE UPDATE ON image_locations FOR EACH ROW WHEN (OLD.id = 2) EXECUTE FUNCTION skip()`,
    ],
  ],
  [
    'sqlite',
    [
      `CREATE TRIGGER skip BEFORE UPDATE ON image_locations WHEN OLD.id = 2 BEGIN SELECT RAISE(IGNORE); END`,
    ],
  ],
] as const)('%s with a trigger that keeps a row from being updated', (dialect, trigger) => {
  beforeEach(() => prepare(dialect));

  it('rolls the batch back when fewer rows are updated than were locked', async () => {
    for (const statement of trigger) await database.run(statement);
    expect(await failureOf(rewriteAll())).toMatchObject({
      kind: 'fatal',
      message: containing('2 rows to update where 3 are locked'),
    });
    expect(await texts()).toEqual(['old', 'old', 'old']);
  });
});
