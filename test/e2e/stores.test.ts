import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CliRun } from '../support/cli.ts';
import type { StoresReport } from '../../src/report/stores-report.ts';
import { twoStoresConf } from '../support/file-stores.ts';
import { findSchemaErrors } from '../support/json-schema.ts';
import {
  createGlanceDatabase,
  DIALECTS,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { makeWorkplace } from '../support/workplace.ts';

const workplace = makeWorkplace();
afterAll(() => {
  workplace.remove();
});

const swap: Readonly<Record<string, string>> = { '/images': '/slow', '/slow': '/images' };
workplace.write('right.conf', twoStoresConf);
workplace.write(
  'swapped.conf',
  twoStoresConf.replace(/\/images|\/slow/g, (path) => swap[path] ?? ''),
);

/** Runs `stores` on a configuration, with a database where one is named. */
function stores(conf: string, url?: string, ...options: readonly string[]): Promise<CliRun> {
  return workplace.run(
    ['stores', '--config-file', conf, ...options],
    url === undefined ? {} : { OS_DATABASE__CONNECTION: url },
  );
}

async function report(
  conf: string,
  url?: string,
  ...options: readonly string[]
): Promise<StoresReport> {
  const { stdout } = await stores(conf, url, '-f', 'json', ...options);
  const parsed: unknown = JSON.parse(stdout);
  expect(findSchemaErrors('stores.schema.json', parsed)).toEqual([]);
  return parsed as StoresReport;
}

const exitCodes = async (conf: string, url?: string): Promise<(number | null)[]> => [
  (await stores(conf, url)).code,
  (await stores(conf, url, '--detailed-exitcode')).code,
];

describe.each(DIALECTS)('the database, on %s,', (dialect) => {
  let database: GlanceDatabase;
  beforeAll(async () => {
    database = await createGlanceDatabase(dialect);
    const locations = Array.from({ length: 120 }, (_, index) => ({
      id: index + 1,
      metaData: '{"store": "fast"}',
    }));
    await seedLocations(database, locations);
  });
  afterAll(() => database.drop());

  it('is found fit for a run, and its labels right', async () => {
    const before = await readLocations(database);
    expect((await report('right.conf', database.url)).database).toEqual({
      server: expect.stringMatching(/^(MariaDB|PostgreSQL|SQLite) \d/) as unknown,
      ...{ name: database.name, error: null, refusals: [] },
      labels: {
        ...{ sampled: 120, labelled: 120, contradicting: 0, notEnabled: 0 },
        maxContradictions: 1,
        pairs: [],
      },
    });
    expect((await stores('right.conf', database.url)).stdout).toMatch(
      /\nDatabase\n.*\n {2}120 of 120 labels agree with the stores, .*\n(.*\n)? {2}a run may write to it\n$/,
    );
    expect(await exitCodes('right.conf', database.url)).toEqual([0, 0]);
    expect(await readLocations(database)).toEqual(before);
  });

  it('contradicts another configuration', async () => {
    expect((await report('swapped.conf', database.url)).database).toMatchObject({
      refusals: [expect.stringContaining('120 rows name fast, though the URL lies in slow')],
      labels: {
        ...{ labelled: 120, contradicting: 120 },
        pairs: [{ store: 'fast', matchingStore: 'slow', count: 120 }],
      },
    });
    const { stdout } = await stores('swapped.conf', database.url);
    expect(stdout).toMatch(
      / 0 of 120 labels agree .*\n {4}120 rows name fast, though the URL lies/,
    );
    expect(stdout).toContain('a run that writes would be refused: this is probably not');
    expect(stdout).not.toContain('a run may write');
    expect(await exitCodes('swapped.conf', database.url)).toEqual([0, 4]);
  });
});

describe('a database that cannot be used', () => {
  it.each([
    ['a dead one', 'mysql://glance:pass-word@127.0.0.1:1/glance', /nothing listens there/],
    ['a missing file', 'sqlite:///missing.sqlite', /missing\.sqlite: no such file/],
    ['an unknown one', 'oracle://glance:pass-word@db/glance', /"oracle"/],
  ])('does not hinder the list: %s', async (_which, url, why) => {
    const { code, stdout, stderr } = await stores('right.conf', url);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/fast {2}file\n {4}file:\/\/\/images\n/);
    expect(stdout.replace(/\n */g, ' ')).toMatch(
      new RegExp(`Database not checked: .*${why.source}`),
    );
    expect(stdout).not.toContain('pass-word');
    expect((await report('right.conf', url)).database).toMatchObject({
      ...{ server: null, labels: null, refusals: [] },
      error: expect.stringMatching(why) as unknown,
    });
    expect(await exitCodes('right.conf', url)).toEqual([0, 4]);
  });

  it('as there is none, is said to be none', async () => {
    expect((await stores('right.conf')).stdout).toMatch(
      /\nDatabase\n {2}not checked: the configuration names none\n$/,
    );
    expect((await report('right.conf')).database).toBeNull();
    expect(await exitCodes('right.conf')).toEqual([0, 0]);
  });
});

it('--detailed-exitcode tells of an enabled store that no location can be given to', async () => {
  workplace.write('broken.conf', twoStoresConf.replace('slow:file', 'slow:nfs'));
  expect(await exitCodes('broken.conf')).toEqual([0, 4]);
});

describe('--compare-with', () => {
  const s3 = (secret: string) => `
[offsite]
s3_store_host = https://s3.example.com
s3_store_bucket = images
s3_store_access_key = AK
s3_store_secret_key = ${secret}
`;
  const withS3 = twoStoresConf.replace('slow:file', 'slow:file, offsite:s3');
  workplace.write('one.conf', withS3 + s3('first/secret'));
  workplace.write('two.conf', withS3.replace('/slow', '/slower') + s3('second/secret'));
  workplace.write('same.conf', `# the same\n${withS3}${s3('first/secret')}`);
  const compare = (...files: readonly string[]) =>
    stores('one.conf', undefined, ...files.flatMap((file) => ['--compare-with', file]));

  it('finds the same stores the same, and succeeds', async () => {
    const { code, stdout } = await compare('same.conf');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\nCompared with same\.conf\n {2}the same stores, at the same places\n$/,
    );
  });

  it('shows where they differ, with exit code 1, and no secret', async () => {
    const { code, stdout, stderr } = await compare('same.conf', 'two.conf');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.slice(stdout.indexOf('\nCompared with two'))).toBe(`
Compared with two.conf
  slow has another prefix
    here:  file:///slow
    there: file:///slower
  offsite has other credentials, and else the same prefix
    s3+https://***@s3.example.com/images
  2 differences
`);
    expect(stdout).not.toMatch(/secret\b/);
  });

  it('tells the same as JSON, and of another encryption key without either', async () => {
    const key = (letter: string) => `[DEFAULT]\nmetadata_encryption_key = ${letter.repeat(32)}\n`;
    workplace.write('key.conf', workplace.read('same.conf') + key('x'));
    const { comparisons } = await report('one.conf', undefined, '--compare-with', 'key.conf');
    expect(comparisons).toEqual([
      {
        file: 'key.conf',
        differences: [{ store: null, what: 'encryption-key', here: null, there: null }],
      },
    ]);
    expect(JSON.stringify(comparisons)).not.toContain('xxx');
  });

  it.each([
    ['missing', 'no.conf', /no\.conf: there is no such file/],
    ['broken', 'bad.conf', /bad\.conf:2: /],
  ])('of a file that is %s is exit code 2', async (_what, file, message) => {
    workplace.write('bad.conf', '[DEFAULT]\noops\n');
    const { code, stdout, stderr } = await compare(file);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('takes --rbd-fsid for the stores that either has', async () => {
    const fsid = '11111111-2222-3333-4444-555555555555';
    workplace.write('ceph.conf', twoStoresConf.replace('slow:file', 'slow:file, ceph:rbd'));
    const { code, stdout } = await stores(
      'ceph.conf',
      undefined,
      ...['--compare-with', 'right.conf', '--rbd-fsid', `ceph=${fsid}`],
    );
    expect(code).toBe(1);
    expect(stdout).toContain(`ceph is enabled here only\n    here:  rbd://${fsid}/images/\n`);
  });
});
