import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenOptions } from '../../../src/database/connect.ts';
import { startGaleraNode, startMariaDb } from '../../support/mariadb-server.ts';
import {
  createPostgreSqlTemplate,
  startPostgreSql,
  startPostgreSqlStandby,
} from '../../support/postgresql-server.ts';
import type { Server } from '../../support/servers-address.ts';
import {
  createGlanceDatabase,
  urlFor,
  type GlanceDatabase,
} from '../../support/servers-database.ts';
import { failureOf } from '../../support/servers-failure.ts';
import { readLocations, seedLocations } from '../../support/servers-locations.ts';
import { awaitSession } from '../../support/servers-sessions.ts';
import { openTable } from '../../support/servers-table.ts';

const NOON = new Date('2026-11-22T12:00:00Z');
const SCOPE = { pendingDelete: false, imageIds: undefined };
const EVERYTHING = { after: 0, last: 100, limit: 100 };
const AWKWARD = String.raw`{"a": "it's \\ \"q\" \u0000 %"}`;

let server: Server;
let database: GlanceDatabase;

async function rewriteFirst(metaData: string, options: Partial<OpenOptions> = {}): Promise<void> {
  const table = await openTable(database.url, options);
  try {
    await table.rewrite([1], NOON, () => [{ id: 1, metaData }]);
  } finally {
    await table.close();
  }
}

async function readAll(): Promise<number> {
  const table = await openTable(database.url, { readOnly: true });
  try {
    await table.lastId();
    return (await table.readPage(SCOPE, EVERYTHING)).length;
  } finally {
    await table.close();
  }
}

const firstText = async () => (await readLocations(database))[0]?.metaData;

async function refill(): Promise<void> {
  await database.run('DELETE FROM image_locations');
  await seedLocations(database, [{ id: 1, metaData: 'old' }]);
}

/** What the program says to MariaDB while `work` runs. */
async function statementsDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
  await database.run('TRUNCATE mysql.general_log');
  await database.run(`SET GLOBAL log_output = 'TABLE'`);
  await database.run('SET GLOBAL general_log = 1');
  try {
    await work();
  } finally {
    await database.run('SET GLOBAL general_log = 0');
  }
  const rows = await database.run(
    `SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log
     WHERE user_host LIKE 'glance[%' AND command_type = 'Query'`,
  );
  return rows.map(([text]) => String(text));
}

describe('MariaDB with unusual defaults', () => {
  beforeAll(async () => {
    server = await startMariaDb([
      ...['--log-bin', '--binlog-format=STATEMENT', '--server-id=1'],
      ...['--sql-mode=NO_BACKSLASH_ESCAPES', '--autocommit=0', '--default-time-zone=+05:30'],
    ]);
    database = await createGlanceDatabase('mysql', server.address);
  });

  afterAll(() => server.stop());
  beforeEach(refill);

  it('takes backslashes and quotes byte for byte where a backslash does not escape', async () => {
    await rewriteFirst(AWKWARD);
    expect(await firstText()).toBe(AWKWARD);
  });

  it('refuses a text too long instead of cutting it', async () => {
    expect(await failureOf(rewriteFirst('x'.repeat(65_536)))).toMatchObject({ kind: 'fatal' });
    expect(await firstText()).toBe('old');
    await rewriteFirst('x'.repeat(65_535));
    expect(await firstText()).toHaveLength(65_535);
  });

  it.each(['STATEMENT', 'MIXED', 'ROW'])('takes writes with a binary log of %s', async (format) => {
    await database.run(`SET GLOBAL binlog_format = '${format}'`);
    await rewriteFirst('new');
    expect(await firstText()).toBe('new');
  });

  it('has no row locked outside the batch, even in REPEATABLE READ', async () => {
    await database.run(`SET GLOBAL binlog_format = 'STATEMENT'`);
    await seedLocations(database, [{ id: 2 }, { id: 3 }, { id: 4 }]);
    const other = await database.connect();
    const table = await openTable(database.url);
    try {
      await other.run('BEGIN');
      await other.run('SELECT id FROM image_locations WHERE id = 1 FOR UPDATE');
      await other.run('SELECT id FROM image_locations WHERE id = 4 FOR UPDATE');
      await table.rewrite([2, 3], NOON, (rows) => rows.map(({ id }) => ({ id, metaData: 'new' })));
    } finally {
      await other.close();
      await table.close();
    }
    expect((await readLocations(database)).map(({ metaData }) => metaData)).toEqual([
      ...['old', 'new', 'new', '{}'],
    ]);
  });

  it('looks at every row before it writes where gaps would be locked', async () => {
    const url = { head: 'file:///images/', tail: '', exceptions: [] };
    const update = { kind: { url, metaData: 'old', example: 1 }, metaData: 'new', ids: [1] };
    const outcomes: boolean[] = [];
    for (const format of ['STATEMENT', 'ROW']) {
      await database.run(`SET GLOBAL binlog_format = '${format}'`);
      const table = await openTable(database.url);
      outcomes.push(await table.rewriteKinds(SCOPE, [update], NOON));
      await table.close();
    }
    expect(outcomes).toEqual([false, true]);
  });

  it('lets Glance insert beside a row of the batch that is gone, where the binary log allows', async () => {
    await database.run(`SET GLOBAL binlog_format = 'ROW'`);
    await seedLocations(database, [{ id: 10 }, { id: 20 }]);
    const other = await database.connect();
    const table = await openTable(database.url);
    try {
      await other.run('BEGIN');
      await other.run('SELECT id FROM image_locations WHERE id = 20 FOR UPDATE');
      // In REPEATABLE READ the batch would lock the gap around 15, and keep it while it waits for 20.
      const waiting = failureOf(table.rewrite([10, 15, 20], NOON, () => []));
      await awaitSession(database, 'waiting for a row lock');
      await database.run('SET SESSION innodb_lock_wait_timeout = 0');
      await seedLocations(database, [{ id: 14 }]);
      expect(await waiting).toMatchObject({ kind: 'contended' });
    } finally {
      await database.run('SET SESSION innodb_lock_wait_timeout = DEFAULT');
      await other.close();
      await table.close();
    }
  });

  it('is given the time in UTC', async () => {
    await rewriteFirst('new');
    expect(await readLocations(database)).toMatchObject([{ updatedAt: '2026-11-22 12:00:00' }]);
  });

  it('shows in each page what was committed before it', async () => {
    const table = await openTable(database.url, { readOnly: true });
    expect(await table.readPage(SCOPE, EVERYTHING)).toHaveLength(1);
    await seedLocations(database, [{ id: 2 }]);
    expect(await table.readPage(SCOPE, EVERYTHING)).toHaveLength(2);
    await table.close();
  });

  it('hears nothing in a dry run that would write or lock', async () => {
    const statements = await statementsDuring(readAll);
    expect(statements.length).toBeGreaterThan(3);
    for (const statement of statements) {
      expect(statement).toMatch(/^(SELECT|SHOW VARIABLES|SET SESSION) /);
      expect(statement).not.toMatch(/GLOBAL|FOR UPDATE|LOCK/);
    }
  });

  it('is asked in a transaction as short as can be', async () => {
    const statements = await statementsDuring(() => rewriteFirst('new'));
    const begin = statements.lastIndexOf('START TRANSACTION READ WRITE');
    const words = statements
      .slice(begin)
      .map((text) => /SELECT|[A-Z]+/.exec(text.replace(/^.*FOR \*\/ /, ''))?.[0]);
    expect(words).toEqual([...['START', 'SELECT', 'UPDATE', 'COMMIT']]);
  });

  describe('that may only be read', () => {
    const setReadOnly = (value: 0 | 1) => database.run(`SET GLOBAL read_only = ${value}`);

    it('refuses a run before it begins, and lets a dry run through', async () => {
      await setReadOnly(1);
      try {
        expect(await failureOf(openTable(database.url))).toMatchObject({
          kind: 'fatal',
          message: expect.stringContaining('the server is read-only') as unknown,
        });
        expect(await readAll()).toBe(1);
      } finally {
        await setReadOnly(0);
      }
    });

    it('has a batch tried again when that happens during the run', async () => {
      const table = await openTable(database.url);
      const rewrite = () => table.rewrite([1], NOON, () => [{ id: 1, metaData: 'new' }]);
      await setReadOnly(1);
      expect(await failureOf(rewrite())).toMatchObject({ kind: 'transient' });
      await setReadOnly(0);
      await rewrite();
      await table.close();
      expect(await firstText()).toBe('new');
    });
  });
});

describe('MariaDB without TLS', () => {
  it('is refused where the URL asks for TLS', async () => {
    const plain = await startMariaDb(['--skip-ssl']);
    try {
      const url = urlFor('mysql', plain.address, 'glance');
      const { ca } = plain.address.certificates;
      const { message } = await failureOf(openTable(`${url}?ssl_ca=${ca}`));
      expect(message).toContain('the server does not offer TLS');
    } finally {
      await plain.stop();
    }
  });
});

describe.each([
  ['mysql', startMariaDb],
  ['postgresql', startPostgreSqlWithTemplate],
] as const)('a %s server that goes away during the run', (dialect, start) => {
  it('has a batch tried again, since the server may come back', async () => {
    const mortal = await start();
    const { url } = await createGlanceDatabase(dialect, mortal.address);
    const table = await openTable(url);
    expect(await table.lastId()).toBe(0);
    await mortal.stop();
    // The first one finds its connection closed, the next one nobody to connect to.
    expect(await failureOf(table.lastId())).toMatchObject({ kind: 'transient' });
    expect(await failureOf(table.lastId())).toMatchObject({ kind: 'transient' });
    await table.close();
  });
});

describe('MariaDB as a node of a Galera cluster', () => {
  beforeAll(async () => {
    server = await startGaleraNode(['--wsrep-max-ws-rows=4000']);
    database = await createGlanceDatabase('mysql', server.address);
  });

  afterAll(() => server.stop());
  beforeEach(refill);

  it('tells how many rows a transaction may change', async () => {
    const table = await openTable(database.url);
    await table.close();
    expect(table).toMatchObject({ isGalera: true, maxBatchRows: 4000 });
  });

  it.each([
    ['wsrep_max_ws_rows', 700, 700],
    ['wsrep_max_ws_size', 2_000_000, 1_000],
    ['max_allowed_packet', 300 * 1024, 1_877],
  ])('keeps a batch within %s', async (name, value, rows) => {
    const [[before]] = [await database.run(`SELECT @@GLOBAL.${name}`)];
    await database.run(`SET GLOBAL ${name} = ${value}`);
    const table = await openTable(database.url);
    await table.close();
    await database.run(`SET GLOBAL ${name} = ${String(before?.[0])}`);
    expect(table.maxBatchRows).toBe(rows);
  });

  it('takes writes', async () => {
    await rewriteFirst(AWKWARD);
    expect(await firstText()).toBe(AWKWARD);
  });

  it.each([
    [undefined, 1],
    [2, 3],
  ])(
    'has reads wait for the cluster before a write; configured %s, set %s',
    async (configured, set) => {
      const statements = await statementsDuring(() =>
        rewriteFirst('new', { wsrepSyncWait: configured }),
      );
      expect(statements).toContain(`SET SESSION wsrep_sync_wait = ${set}`);
    },
  );

  it.each([
    [undefined, []],
    [4, ['SET SESSION wsrep_sync_wait = 4']],
  ])('waits in a dry run only as configured: %s', async (wsrepSyncWait, expected) => {
    const statements = await statementsDuring(async () => {
      await (await openTable(database.url, { readOnly: true, wsrepSyncWait })).close();
    });
    expect(statements.filter((text) => text.includes('wsrep_sync_wait'))).toEqual(expected);
  });
});

describe('PostgreSQL', () => {
  let standby: Server;

  beforeAll(async () => {
    server = await startPostgreSqlWithTemplate();
    database = await createGlanceDatabase('postgresql', server.address);
    await refill();
    standby = await startPostgreSqlStandby(server.address);
  });

  afterAll(async () => {
    await standby.stop();
    await server.stop();
  });

  it('lets a dry run, and no other, through on a standby', async () => {
    const url = urlFor('postgresql', standby.address, database.name);
    const table = await openTable(url, { readOnly: true });
    expect(await table.readPage(SCOPE, EVERYTHING)).toHaveLength(1);
    await table.close();
    expect(await failureOf(openTable(url))).toMatchObject({
      kind: 'fatal',
      message: expect.stringContaining('read-only') as unknown,
    });
  });

  it('has a batch tried again when transactions become read-only during the run', async () => {
    const table = await openTable(database.url);
    await database.run(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
    await database.run(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'glance'`,
    );
    const rewrite = () => table.rewrite([1], NOON, () => [{ id: 1, metaData: 'new' }]);
    await expect
      .poll(() => failureOf(rewrite()))
      .toMatchObject({
        kind: 'transient',
        message: expect.stringContaining('read-only') as unknown,
      });
    await table.close();
  });
});

async function startPostgreSqlWithTemplate(): Promise<Server> {
  const started = await startPostgreSql();
  await createPostgreSqlTemplate(started.address);
  return started;
}
