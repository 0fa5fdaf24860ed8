import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { twoStoresConf } from '../support/file-stores.ts';
import { makeSampleCloud, type SampleCloud } from '../support/sample-cloud.ts';
import { makeWorkplace } from '../support/workplace.ts';

let cloud: SampleCloud;
const workplace = makeWorkplace();
beforeAll(() => {
  cloud = makeSampleCloud();
});
afterAll(() => {
  cloud.remove();
  workplace.remove();
});

describe('mappings that no location lies below', () => {
  const warnings = async (...options: readonly string[]): Promise<string> =>
    (await cloud.command('backfill', '--dry-run', ...options)).stderr;
  const used = 'rbd://6b4b29c6-1d2f-4c1e-9a53-0e4d5f6a7b80/old-images=ceph';

  it('are named at the end, and those that were used are not', async () => {
    expect(await warnings('--map', used, '--map', 'cinder://nothing=volumes')).toBe(
      'warning: no location lies below what is mapped with cinder://nothing=volumes; is it mistyped?\n',
    );
  });

  it('are named up to five', async () => {
    const maps = [1, 2, 3, 4, 5, 6, 7].flatMap((id) => ['--map', `cinder://v${id}=volumes`]);
    expect(await warnings(...maps)).toMatch(/cinder:\/\/v5=volumes and 2 more; is it mistyped/);
  });

  it.each([
    ['where all were used', ['--map', used, '--map', used]],
    ['for a few images', ['--map', 'cinder://nothing=volumes', '--image', 'none']],
    ['when the run ends early', ['--map', 'cinder://nothing=volumes', '--max-count', '1']],
  ])('are not told of %s', async (_when, options) => {
    expect(await warnings(...options)).not.toContain('is mapped');
  });
});

it('a database without a location that Glance shows is told of, be the run quiet', async () => {
  const empty = makeSampleCloud();
  const database = new Database(empty.databaseFile);
  database.exec(`UPDATE image_locations SET deleted = 1, status = 'deleted'`);
  database.close();
  const { code, stderr } = await empty.command('backfill', '--quiet');
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^warning: database .*glance.sqlite has no location that Glance shows: is \[database\] connection the right one\?\n$/,
  );
  empty.remove();
});

it('stores that cannot be told apart are warned of before a run, without their credentials', async () => {
  const s3 = (id: string) => `[${id}]
s3_store_host = https://s3.example.com
s3_store_bucket = images
s3_store_access_key = AK
s3_store_secret_key = secret
`;
  const conf = cloud.read('glance-api.conf.example');
  const twins = conf.replace(/^enabled_backends = /m, '$&twin:s3, double:s3, ');
  cloud.write('twins.conf', twins + s3('twin') + s3('double'));
  const { stderr } = await cloud.run(['backfill', '--dry-run', '--config-file', 'twins.conf']);
  expect(stderr).toMatch(
    /^warning: stores twin and double overlap at s3\+https:.*: the same place; .*; --map can say/m,
  );
  expect(stderr).not.toContain('secret');
  // Which is within which the corrected rule knows.
  expect(stderr).not.toContain('local and archive');
});

it('--matching glance also warns of stores that Glance takes for one another', async () => {
  const options = ['--dry-run', '--matching', 'glance'];
  expect((await cloud.command('backfill', ...options)).stderr).toContain(
    'warning: stores local and archive overlap at file:///var/lib/glance/images-archive/: ',
  );
});

describe('enabled_backends that Glance does not read', () => {
  it.each([
    ['mistyped', twoStoresConf.replace('enabled_backends', 'enable_backends'), 2, '[DEFAULT]'],
    ['in lower case', twoStoresConf.replace('[DEFAULT]', '[default]'), 2, '[default]'],
    ['elsewhere', twoStoresConf.replace('[DEFAULT]', '[x]\n[glance_store]'), 3, '[glance_store]'],
  ])('is named with its place where it is %s', async (_how, text, line, section) => {
    const path = workplace.write('slip.conf', text);
    const { code, stderr } = await workplace.run(['stores', '--config-file', 'slip.conf']);
    expect(code).toBe(2);
    expect(stderr).toContain(`${path}:${line}: ${section} enable`);
    expect(stderr).toContain('is not what Glance reads, and no stores are enabled elsewhere; ');
    expect(stderr).toContain('write that name, in section [DEFAULT]\n');
  });
});
