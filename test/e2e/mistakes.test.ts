import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CliRun } from '../support/cli.ts';
import { startMariaDb } from '../support/mariadb-server.ts';
import type { Server } from '../support/servers-address.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { seedLocations } from '../support/servers-locations.ts';
import { makeWorkplace } from '../support/workplace.ts';

const workplace = makeWorkplace();
afterAll(() => {
  workplace.remove();
});

/** Writes a configuration without mistakes but for the lines that are given. */
function writeConf(name: string, { top = '', fast = '', connection = 'sqlite:///glance.sqlite' }) {
  return workplace.write(
    name,
    `[DEFAULT]
enabled_backends = fast:file, ceph:rbd
${top}
[glance_store]
default_backend = fast
[fast]
filesystem_store_datadir = /images
${fast}
[ceph]
rbd_store_ceph_conf = ceph.conf
[database]
connection = ${connection}
`,
  );
}

workplace.write('ceph.conf', '[global]\nfsid = 11111111-2222-3333-4444-555555555555\n');
writeConf('good.conf', {});

/** The lines of stderr of a run that must fail, say why and print no result. */
function readComplaint({ code, stdout, stderr }: CliRun, expectedCode: number): string[] {
  expect({ code, stdout }, stderr).toEqual({ code: expectedCode, stdout: '' });
  expect(stderr).toMatch(/\n$/);
  expect(stderr).not.toMatch(/^ {4}at |Error:|defect/m);
  return stderr.trimEnd().split('\n');
}

describe('a mistake in the configuration', () => {
  it.each(['stores', 'backfill'])(
    'is reported by %s together with all others, each with its place and remedy',
    async (command) => {
      const path = workplace.write(
        'five.conf',
        `[DEFAULT]
enabled_backends = fast:file, os_glance_x:file, objects:swift, vm:vmware
metadata_encryption_key = too-short
[fast]
filesystem_store_datadir = $no_such_option/images
[objects]
swift_store_auth_address = https://keystone.example.com/v3
swift_store_user = service:glance
swift_store_key = key
swift_store_multiple_containers_seed = many
[vm]
vmware_store_image_dir = images
[database]
connection = oracle://glance@db.example.com/glance
`,
      );
      const complaint = readComplaint(
        await workplace.run([command, '--config-file', 'five.conf']),
        2,
      );
      const wanted = [
        [`${path}:2: [DEFAULT] enabled_backends: `, '"os_glance_x"', 'give the store another id'],
        [`${path}:5: [fast] filesystem_store_datadir: `, '$no_such_option', 'name an option that'],
        [`${path}:10: [objects] swift_store_multiple_containers_seed: `, '', '; '],
        ['[vm] vmware_server_host: ', 'does not start without it', 'set it'],
        ...(command === 'stores'
          ? []
          : [
              [`${path}:3: [DEFAULT] metadata_encryption_key: `, '16, 24 or 32 bytes', '; write '],
              [`${path}:14: [database] connection: `, '"oracle"', 'write mysql'],
            ]),
      ];
      for (const [place = '', problem = '', remedy = ''] of wanted) {
        const line = complaint.find((text) => text.startsWith(place)) ?? `nothing at ${place}`;
        expect(line).toContain(problem);
        expect(line).toContain(remedy);
      }
      expect(new Set(complaint).size).toBe(complaint.length);
    },
  );

  it('of syntax is reported with every other one of syntax, whichever file it is in', async () => {
    const one = workplace.write('one.conf', '[DEFAULT]\nenabled_backends\n[fast\n');
    const two = workplace.write('two.conf', 'debug = true\n');
    const complaint = readComplaint(
      await workplace.run(['stores', '--config-file', 'one.conf', '--config-file', 'two.conf']),
      2,
    );
    const places = complaint.map((line) => line.split(': ')[0]);
    expect(places).toEqual([`${one}:2`, `${one}:3`, `${two}:1`]);
  });

  it('in enabled_backends is reported with those in mappings', async () => {
    const path = workplace.write(
      'reserved.conf',
      '[DEFAULT]\nenabled_backends = os_glance_x:file, a:file\n',
    );
    const options = [
      '--config-file',
      'reserved.conf',
      '--map',
      'file:///x=b',
      '--map',
      'file:///y=a',
    ];
    const complaint = readComplaint(await workplace.run(['stores', ...options]), 2);
    expect(complaint).toEqual([
      expect.stringMatching(`^${path}:2: `),
      expect.stringMatching(/^--map: "b" is not the id of an enabled store; name one of .*a$/),
    ]);
  });

  it('that names no database does not hinder stores, but backfill', async () => {
    workplace.write('stores-only.conf', workplace.read('good.conf').replace(/connection = .*/, ''));
    const options = ['--config-file', 'stores-only.conf'];
    expect((await workplace.run(['stores', ...options])).code).toBe(0);
    const complaint = readComplaint(await workplace.run(['backfill', ...options]), 2);
    expect(complaint).toEqual([expect.stringMatching(/^\[database\] connection: .*--config-file/)]);
  });
});

it('a store that no location can be given to is warned of, once', async () => {
  workplace.write(
    'no-ceph.conf',
    workplace.read('good.conf').replace('= ceph.conf', '= gone.conf'),
  );
  const options = ['stores', '--config-file', 'no-ceph.conf'];
  const { code, stdout, stderr } = await workplace.run(options);
  expect({ code, stderr: stderr.trimEnd().split('\n') }).toEqual({
    code: 0,
    stderr: [
      expect.stringMatching(
        /^warning: store ceph: no location gets it, .*; "glance-store-backfill stores" says why$/,
      ),
    ],
  });
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /no prefix: .*gone\.conf: there is no such file.*--rbd-fsid ceph=/,
  );
  expect((await workplace.run([...options, '--quiet'])).stderr).toBe('');
});

/** Runs backfill on a database and gives its complaint, which must be one line and come soon. */
async function complainAbout(connection: string, options: readonly string[] = []): Promise<string> {
  writeConf('database.conf', { connection });
  const startedAt = performance.now();
  const run = await workplace.run(['backfill', '--config-file', 'database.conf', ...options]);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  const complaint = readComplaint(run, 1);
  expect(complaint).toHaveLength(1);
  return complaint.join('\n');
}

describe('a SQLite database', () => {
  it('that is missing is reported and not made', async () => {
    const complaint = await complainAbout('sqlite:///missing.sqlite');
    expect(complaint).toMatch(/missing\.sqlite: no such file.*\[database\] connection/);
    expect(existsSync(workplace.path('missing.sqlite'))).toBe(false);
  });

  it('that is another kind of file is reported and left as it is', async () => {
    const text = 'This is a letter and no database. '.repeat(100);
    workplace.write('letter.txt', text);
    expect(await complainAbout('sqlite:///letter.txt')).toMatch(/letter\.txt: .*not a SQLite/);
    expect(workplace.read('letter.txt')).toBe(text);
  });

  it('that is empty is reported to lack the table, and stays empty', async () => {
    workplace.write('empty.sqlite', '');
    expect(await complainAbout('sqlite:///empty.sqlite')).toMatch(/no table image_locations/);
    expect(readFileSync(workplace.path('empty.sqlite'))).toHaveLength(0);
  });
});

describe.each(['mysql', 'postgresql'] as const)('on %s', (dialect) => {
  let database: GlanceDatabase;
  beforeAll(async () => {
    database = await createGlanceDatabase(dialect);
    await seedLocations(database, [{ id: 1 }]);
  });
  afterAll(() => database.drop());

  it('a server that takes the connection and says nothing is reported', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const url = database.url.replace(/:\d+\//, `:${port}/`);
    expect(await complainAbout(`${url}?connect_timeout=1`)).toMatch(/in time|connection was lost/);
    silent.close();
  });

  it('a missing right to write stops a run before it begins, and does not hinder a dry run', async () => {
    const url = await createReader(database);
    const complaint = await complainAbout(url);
    writeConf('reader.conf', { connection: url });
    const dry = await workplace.run(['backfill', '--dry-run', '--config-file', 'reader.conf']);
    const grant = {
      mysql: `GRANT SELECT, UPDATE ON \`${database.name}\`.image_locations TO 'reader'@'%';`,
      postgresql: 'GRANT SELECT, UPDATE ON image_locations TO reader;',
    }[dialect];
    expect(complaint).toContain(`an administrator gives it with: ${grant}`);
    expect(dry.code).toBe(0);
    expect(dry.stderr).toBe(`warning: without --dry-run this run would be refused: ${complaint}\n`);
    await database.run(grant);
    const granted = await workplace.run(['backfill', '--config-file', 'reader.conf']);
    expect(granted).toMatchObject({ code: 0, stderr: '' });
  });
});

/** Makes a user who may read image_locations and nothing else; returns his URL. */
async function createReader(database: GlanceDatabase): Promise<string> {
  const [user, password] = ['reader', 'reading-only'];
  if (database.dialect === 'mysql') {
    await database.run(`CREATE USER ${user}@'%' IDENTIFIED BY '${password}'`);
    await database.run(`GRANT SELECT ON ${database.name}.image_locations TO ${user}@'%'`);
  } else {
    await database.run(`CREATE ROLE ${user} LOGIN PASSWORD '${password}'`);
    await database.run(`GRANT SELECT ON image_locations TO ${user}`);
  }
  return database.url.replace(/\/\/.+@/, `//${user}:${password}@`);
}

describe('a read-only server', () => {
  let mariaDb: Server;
  beforeAll(async () => {
    mariaDb = await startMariaDb(['--read-only=1']);
  });
  afterAll(() => mariaDb.stop());

  it('of MariaDB stops a run before it begins, and does not hinder a dry run', async () => {
    const database = await createGlanceDatabase('mysql', mariaDb.address);
    await seedLocations(database, [{ id: 1 }]);
    const complaint = await complainAbout(database.url);
    const dry = await workplace.run(['backfill', '--dry-run', '--config-file', 'database.conf']);
    expect(complaint).toMatch(/read-only/);
    expect(dry.code).toBe(0);
    expect(dry.stderr).toBe(`warning: without --dry-run this run would be refused: ${complaint}\n`);
  });

  it('of PostgreSQL stops a run before it begins, and does not hinder a dry run', async () => {
    const database = await createGlanceDatabase('postgresql');
    await seedLocations(database, [{ id: 1 }]);
    await database.run(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
    const complaint = await complainAbout(database.url);
    const dry = await workplace.run(['backfill', '--dry-run', '--config-file', 'database.conf']);
    await database.drop();
    expect(complaint).toMatch(/read-only/);
    expect(dry.code).toBe(0);
    expect(dry.stderr).toBe(`warning: without --dry-run this run would be refused: ${complaint}\n`);
  });
});
