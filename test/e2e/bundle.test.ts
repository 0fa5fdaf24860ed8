import { spawnSync } from 'node:child_process';
import {
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bundleFiles, writeBundle } from '../../bundle/write.ts';
import { type CliRun, projectRoot, runCli } from '../support/cli.ts';
import { oneStoreConf } from '../support/file-stores.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

const built = makeWorkplace();
const again = makeWorkplace();
/** Holds the one file, an empty home and the configuration; there are no packages in it or above it. */
let place: Workplace;

beforeAll(async () => {
  await writeBundle(built.folder);
  await writeBundle(again.folder);
  place = makeWorkplace();
  cpSync(built.path(bundleFiles.program), place.path(bundleFiles.program));
  place.write('home/.keep', '');
});
afterAll(() => {
  for (const { remove } of [built, again, place]) remove();
});

function run(...args: readonly string[]): Promise<CliRun> {
  return runCli(args, { cwd: place.folder, program: place.path(bundleFiles.program) });
}

function configure(connection: string): string {
  return place.write('glance-api.conf', `${oneStoreConf}[database]\nconnection = ${connection}\n`);
}

describe('the bundle', () => {
  it('is the same, byte for byte, when it is built again', () => {
    expect(readdirSync(built.folder).sort()).toEqual(Object.values(bundleFiles).sort());
    for (const name of Object.values(bundleFiles)) expect(again.read(name)).toBe(built.read(name));
  });

  it('has sums that sha256sum finds right, and a changed file wrong', () => {
    const check = () => spawnSync('sha256sum', ['-c', bundleFiles.sums], { cwd: again.folder });
    expect(check().status).toBe(0);
    writeFileSync(again.path(bundleFiles.program), `${again.read(bundleFiles.program)} `);
    expect(check().status).toBe(1);
  });

  it('has the licence of every package that has a part in it', () => {
    const notices = built.read(bundleFiles.notices);
    for (const name of ['glance-store-backfill', ...packages]) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`, 'm'));
    }
    expect(notices).not.toContain('\nlibsql ');
  });

  it('names no folder of the machine that built it', () => {
    const text = built.read(bundleFiles.program);
    expect(text).not.toContain(projectRoot);
    // Before each part stands a comment that says where it comes from.
    expect(text).toMatch(/^ *\/\/ node_modules\/knex\//m);
    expect(text).not.toMatch(/^ *\/\/ \.\.\//m);
  });
});

describe('in an empty folder the one file', () => {
  it('tells its version, run by itself', () => {
    const program = place.path(bundleFiles.program);
    expect(statSync(program).mode & 0o777).toBe(0o755);
    const { stdout, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: `${readVersion()}\n`, stderr: '' });
  });

  it('shows the stores', async () => {
    configure('mysql://nowhere/glance');
    const { code, stdout, stderr } = await run('stores', '--config-file', 'glance-api.conf');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('file:///images');
  });

  it('says what SQLite needs', async () => {
    const conf = configure(`sqlite:///${place.write('glance.sqlite', '')}`);
    const { code, stdout, stderr } = await run('backfill', '--config-file', conf);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^this installation has no SQLite: run npm install libsql .*\n$/);
  });

  it('finds SQLite where it is installed beside it', async () => {
    const database = await createGlanceDatabase('sqlite');
    symlinkSync(`${projectRoot}/node_modules`, place.path('node_modules'));
    try {
      await seedLocations(database, [{ id: 1 }]);
      expect(await backfill(configure(database.url), '--dry-run')).toMatchObject({ assigned: 1 });
    } finally {
      rmSync(place.path('node_modules'));
      await database.drop();
    }
  });

  it('reports a mistake as the program does', async () => {
    const { code, stderr } = await run('backfill', '--config-file', 'gone.conf');
    expect(code).toBe(2);
    expect(stderr).toContain('gone.conf');
  });
});

describe.each(['mysql', 'postgresql'] as const)('on %s the one file', (dialect) => {
  let database: GlanceDatabase;
  beforeAll(async () => {
    database = await createGlanceDatabase(dialect);
  });
  afterAll(() => database.drop());

  const { ca } = inject('servers')[dialect].certificates;
  const parameters = {
    mysql: `?ssl_ca=${ca}&ssl_verify_cert=true`,
    postgresql: `?sslmode=verify-ca&sslrootcert=${ca}`,
  }[dialect];

  it('decides, writes and puts back, with and without TLS', async () => {
    await seedLocations(database, [{ id: 1 }, { id: 2, value: 'file:///elsewhere/x' }]);
    const before = await readLocations(database);
    const dryRun = await backfill(configure(database.url), '--dry-run');
    expect(dryRun).toMatchObject({ assigned: 1, unmatched: 1 });
    expect(await readLocations(database)).toEqual(before);

    const conf = configure(`${database.url}${parameters}`);
    const journal = place.path(`${dialect}.ndjson`);
    expect(await backfill(conf, '--journal', journal)).toMatchObject({ assigned: 1 });
    const metaData = async () => (await readLocations(database)).map((row) => row.metaData);
    expect(await metaData()).toEqual(['{"store": "fast"}', '{}']);

    const undo = await run('undo', journal, '--config-file', conf);
    expect(undo).toMatchObject({ code: 0, stderr: '' });
    expect(await metaData()).toEqual(['{}', '{}']);
  });
});

/** Runs `backfill`, which has to succeed, and gives the rows that its report counts. */
async function backfill(conf: string, ...options: readonly string[]): Promise<object> {
  const args = ['--config-file', conf, '-f', 'json', ...options];
  const { code, stdout, stderr } = await run('backfill', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as { readonly rows: object }).rows;
}

/** Those that src imports, but for the native one. */
const packages = ['chalk', 'cli-progress', 'commander', 'knex', 'mysql2', 'pg'];

function readVersion(): string {
  const text = readFileSync(`${projectRoot}/package.json`, 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
