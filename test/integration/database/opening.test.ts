import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { GLANCE_PASSWORD } from '../../support/servers-address.ts';
import {
  createGlanceDatabase,
  DIALECTS,
  urlFor,
  type GlanceDatabase,
} from '../../support/servers-database.ts';
import { failureOf } from '../../support/servers-failure.ts';
import { readLocations, seedLocations } from '../../support/servers-locations.ts';
import { findFreePort } from '../../support/servers-process.ts';
import { openTable } from '../../support/servers-table.ts';

const NOON = new Date('2026-11-22T12:00:00Z');
const SCOPE = { pendingDelete: false, imageIds: undefined };
const EVERYTHING = { after: 0, last: 100, limit: 100 };

/** Says what is wrong in opening; there is no other message of the password anywhere. */
async function refusalOf(url: string, readOnly = false): Promise<string> {
  const { kind, message } = await failureOf(openTable(url, { readOnly }));
  expect(kind).toBe('fatal');
  expect(message).not.toContain(GLANCE_PASSWORD);
  expect(message).not.toContain(encodeURIComponent(GLANCE_PASSWORD));
  return message;
}

describe.each(DIALECTS)('%s', (dialect) => {
  let database: GlanceDatabase;

  beforeAll(async () => {
    database = await createGlanceDatabase(dialect);
    await seedLocations(database, [{ id: 1 }]);
  });

  afterAll(() => database.drop());

  it('tells product, version and name', async () => {
    const table = await openTable(database.url);
    await table.close();
    const product = {
      mysql: /^MariaDB \d+\.\d+\.\d+$/,
      postgresql: /^PostgreSQL \d+\.\d+$/,
      sqlite: /^SQLite 3\.\d+\.\d+$/,
    };
    expect(table.description).toEqual({
      dialect,
      server: expect.stringMatching(product[dialect]) as unknown,
      name: database.name,
    });
    expect(table.metaDataCapacity).toBe(dialect === 'mysql' ? 65_535 : Infinity);
    expect(table.isGalera).toBe(false);
  });

  it("says that a database without image_locations is not Glance's", async () => {
    const empty = await createGlanceDatabase(dialect);
    try {
      await empty.run('DROP TABLE image_locations');
      expect(await refusalOf(empty.url)).toContain('no table image_locations');
      expect(await refusalOf(empty.url, true)).toContain('glance-manage db sync');
    } finally {
      await empty.drop();
    }
  });

  it('says which column a table lacks', async () => {
    const old = await createGlanceDatabase(dialect);
    try {
      await old.run('ALTER TABLE image_locations RENAME COLUMN status TO state');
      expect(await refusalOf(old.url)).toMatch(/not Glance's table.*status/);
    } finally {
      await old.drop();
    }
  });

  it('never writes when opened for reading only', async () => {
    const table = await openTable(database.url, { readOnly: true });
    const before = await readLocations(database);
    expect(await table.readPage(SCOPE, EVERYTHING)).toHaveLength(1);
    expect(await table.lastId()).toBe(1);
    await table.close();
    expect(await readLocations(database)).toEqual(before);
  });
});

describe.each(['mysql', 'postgresql'] as const)('%s', (dialect) => {
  let database: GlanceDatabase;
  const scheme = { mysql: 'mysql', postgresql: 'postgresql' }[dialect];
  const server = inject('servers')[dialect];

  beforeAll(async () => {
    database = await createGlanceDatabase(dialect);
    await seedLocations(database, [{ id: 1 }]);
  });

  afterAll(() => database.drop());

  it('says that the password is wrong, without telling it', async () => {
    const url = database.url.replace(encodeURIComponent(GLANCE_PASSWORD), 'not-the-password');
    const message = await refusalOf(url);
    expect(message).toContain(`127.0.0.1:${server.port} refuses the login of user "glance"`);
    expect(message).not.toContain('not-the-password');
  });

  it('says that there is no such database', async () => {
    const message = await refusalOf(urlFor(scheme, server, 'nowhere'));
    expect(message).toMatch(/no database "nowhere"/);
    if (dialect === 'mysql') {
      // For all that the server says it may be there.
      expect(message).toContain(
        "with: GRANT SELECT, UPDATE ON `nowhere`.image_locations TO 'glance'@'%';",
      );
    }
  });

  it('says that nothing listens', async () => {
    const port = await findFreePort();
    const message = await refusalOf(database.url.replace(/:\d+\//, `:${port}/`));
    expect(message).toBe(
      `127.0.0.1:${port}: cannot reach the database: nothing listens there; check the address in [database] connection, and that the server runs`,
    );
  });

  it('says that there is no such host', async () => {
    const message = await refusalOf(database.url.replace('@127.0.0.1', '@db.invalid'));
    expect(message).toMatch(
      /^db\.invalid:\d+: cannot reach the database: (there is no host of this name|the name server does not answer); check/,
    );
  });

  it('says that there is no such socket', async () => {
    const folder = { mysql: 'unix_socket=/nowhere/sock', postgresql: 'host=/nowhere' }[dialect];
    const message = await refusalOf(`${database.url}?${folder}`);
    expect(message).toMatch(
      /^\/nowhere\/\S+: cannot reach the database: there is no such socket; check/,
    );
  });

  it('connects through a socket', async () => {
    const parameter = {
      mysql: `unix_socket=${server.socket}`,
      postgresql: `host=${server.socket}&port=${server.port}`,
    }[dialect];
    const table = await openTable(`${database.url}?${parameter}`);
    expect(await table.lastId()).toBe(1);
    await table.close();
  });

  describe('with few rights', () => {
    const user = `clerk_${process.pid}_${dialect}`;
    const name = { mysql: `${user}@'%'`, postgresql: user }[dialect];
    const grant = (right: string) => database.run(`GRANT ${right} ON image_locations TO ${name}`);
    let url: string;

    beforeAll(async () => {
      url = urlFor(scheme, server, database.name, user);
      const password = `'${GLANCE_PASSWORD}'`;
      await database.run(
        dialect === 'mysql'
          ? `CREATE USER ${name} IDENTIFIED BY ${password}`
          : `CREATE ROLE ${name} LOGIN PASSWORD ${password}`,
      );
      if (dialect === 'mysql') await database.run(`GRANT SELECT ON images TO ${name}`);
    });

    afterAll(async () => {
      if (dialect === 'postgresql') await database.run(`DROP OWNED BY ${name}`);
      await database.run(`DROP USER ${name}`);
    });

    const grantOf = (rights: string) =>
      ({
        mysql: `GRANT ${rights} ON \`${database.name}\`.image_locations TO '${user}'@'%';`,
        postgresql: `GRANT ${rights} ON image_locations TO ${user};`,
      })[dialect];

    it('names the right to read when that is missing, and how it is given', async () => {
      const message = await refusalOf(url, true);
      expect(message).toMatch(/user "clerk_\w+" lacks .*SELECT/);
      expect(message).toContain(`; an administrator gives it with: ${grantOf('SELECT')}`);
    });

    it('reads with no other right than to read', async () => {
      await grant('SELECT');
      const table = await openTable(url, { readOnly: true });
      expect(await table.readPage(SCOPE, EVERYTHING)).toHaveLength(1);
      await table.close();
    });

    it('names the right to write before the first row is read', async () => {
      await grant('SELECT');
      expect(await refusalOf(url)).toMatch(/user "clerk_\w+" lacks .*UPDATE/);
    });

    it('is not content with the right to one of the two columns', async () => {
      await grant('SELECT');
      await grant('UPDATE (meta_data)');
      expect(await refusalOf(url)).toContain(`with: ${grantOf('SELECT, UPDATE')}`);
    });

    it('goes on after it was told that it may not write', async () => {
      await grant('SELECT');
      const table = await openTable(url, { readOnly: true, writers: 1 });
      const { message } = await failureOf(table.checkWritable());
      expect(message).toContain(`with: ${grantOf('SELECT, UPDATE')}`);
      for (let times = 0; times < 6; times += 1) expect(await table.lastId()).toBe(1);
      await table.close();
    });

    it('writes with the right to these two columns', async () => {
      await grant('SELECT');
      await grant('UPDATE (meta_data, updated_at)');
      const table = await openTable(url);
      await table.rewrite([1], NOON, () => [{ id: 1, metaData: '{"store": "a"}' }]);
      await table.close();
      expect(await readLocations(database)).toMatchObject([{ metaData: '{"store": "a"}' }]);
    });
  });
});

describe('MySQL option files', () => {
  it('takes user, password and address from an option file', async () => {
    const database = await createGlanceDatabase('mysql');
    const folder = await mkdtemp(path.join(tmpdir(), 'gsb-option-file-'));
    try {
      const file = path.join(folder, 'my.cnf');
      const { port } = inject('servers').mysql;
      await writeFile(
        file,
        `[mysqld]\nport = 1\n[client]\nuser = glance\npassword = '${GLANCE_PASSWORD}'\nhost = 127.0.0.1\nport = ${port}\n`,
      );
      const table = await openTable(`mysql:///${database.name}?read_default_file=${file}`);
      expect(await table.lastId()).toBe(0);
      await table.close();
      expect(await refusalOf(`mysql:///${database.name}?read_default_file=${file}.gone`)).toMatch(
        /read_default_file.*no such file.*my\.cnf\.gone/,
      );
    } finally {
      await rm(folder, { recursive: true });
      await database.drop();
    }
  });
});

describe('SQLite files', () => {
  let database: GlanceDatabase;
  let folder: string;

  beforeAll(async () => {
    database = await createGlanceDatabase('sqlite');
    await seedLocations(database, [{ id: 1 }]);
    folder = path.dirname(database.name);
  });

  afterAll(() => database.drop());

  it('never creates a file that is missing', async () => {
    const before = await readdir(folder);
    expect(await refusalOf(`sqlite:///${folder}/missing.sqlite`)).toContain(
      'missing.sqlite: no such file',
    );
    expect(await readdir(folder)).toEqual(before);
  });

  it('says that a folder is no file', async () => {
    expect(await refusalOf(`sqlite:///${folder}`)).toContain('this is no file');
  });

  it('says that a file is something else', async () => {
    const file = path.join(folder, 'notes.txt');
    await writeFile(file, 'x'.repeat(5000));
    expect(await refusalOf(`sqlite:///${file}`)).toContain('not a SQLite database');
    expect(await readFile(file, 'utf8')).toBe('x'.repeat(5000));
  });

  it('leaves no trace of a dry run, and writes nothing even when asked to', async () => {
    const file = path.join(folder, 'copy.sqlite');
    await copyFile(database.name, file);
    const before = await stat(file);
    const table = await openTable(`sqlite:///${file}`, { readOnly: true });
    expect(await table.readPage(SCOPE, EVERYTHING)).toHaveLength(1);
    const attempt = table.rewrite([1], NOON, () => [{ id: 1, metaData: 'x' }]);
    expect(await failureOf(attempt)).toMatchObject({ kind: 'fatal' });
    await table.close();
    expect((await stat(file)).mtimeMs).toBe(before.mtimeMs);
    expect((await readdir(folder)).filter((name) => name.startsWith('copy'))).toEqual([
      'copy.sqlite',
    ]);
  });
});
