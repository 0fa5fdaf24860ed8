import { afterAll, describe, expect, it } from 'vitest';
import type { ExplainReport } from '../../src/report/explain-report.ts';
import { findSchemaErrors } from '../support/json-schema.ts';
import { readReport } from '../support/reading.ts';
import { makeSampleCloud } from '../support/sample-cloud.ts';

const cloud = makeSampleCloud();
afterAll(() => {
  cloud.remove();
});

/** A row of the dry run's report that stands for its group. */
async function exampleOf(list: 'unmatched' | 'deviationsFromGlance') {
  const report = readReport(await cloud.command('backfill', '--dry-run', '-f', 'json'));
  const [group] = report[list];
  if (group?.example == null) throw new Error(`the sample has no ${list}`);
  return group.example;
}

async function explain(...options: readonly string[]) {
  const run = await cloud.command('explain', '-f', 'json', ...options);
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
  const report = JSON.parse(run.stdout) as ExplainReport;
  expect(findSchemaErrors('explain.schema.json', report)).toEqual([]);
  return report.locations;
}

describe('explain', () => {
  it('tells of a row where the choice differs from Glance’s', async () => {
    const { locationId, imageId } = await exampleOf('deviationsFromGlance');
    const [location] = await explain('--location', String(locationId));
    expect(location).toMatchObject({ locationId, imageId });
    expect(location?.glanceStore).not.toBe(location?.store);
    expect(location?.glanceReason).toMatch(/^[a-z-]+: /);
  });

  it('tells of every location of an image, as a dry run decides it', async () => {
    const { locationId, imageId } = await exampleOf('unmatched');
    const locations = await explain('--image', imageId);
    const location = locations.find((one) => one.locationId === locationId);
    expect(location).toMatchObject({ outcome: 'unmatched', store: null, metaDataAfter: null });
    expect(location?.candidates.some(({ matches }) => matches)).toBe(false);
  });

  it('tells what would be written, and keeps credentials out of sight', async () => {
    const url = 's3+https://AK:top/se@cret@s3.example.com/glance-images/x';
    const [location] = await explain('--url', url, '--meta-data', '{"a": 1}');
    expect(location).toMatchObject({
      locationId: null,
      url: 's3+https://***@s3.example.com/glance-images/x',
      outcome: 'assigned',
      store: 'offsite',
      metaData: '{"a": 1}',
      metaDataAfter: '{"a": 1, "store": "offsite"}',
    });
    const { stdout } = await cloud.command('explain', '--url', url);
    expect(stdout).toContain('outcome    assigned: offsite');
    expect(stdout).toContain('becomes    {"store": "offsite"}');
    expect(stdout + JSON.stringify(location)).not.toMatch(/top|cret/);
  });

  it('tells why Glance would choose a store where none is chosen, and what settles that', async () => {
    const url = 'file:///var/lib/glance/images2/x';
    const [location] = await explain('--url', url);
    expect(location).toMatchObject({
      ...{ outcome: 'unmatched', glanceStore: 'local' },
      glanceReason:
        'path-boundary: a prefix ends where a name ends: /images does not take /images2',
      ...{ nearestStore: 'local', remedy: '--map file:///var/lib/glance/images2=local' },
    });
    const { stdout } = await cloud.command('explain', '--url', url);
    expect(stdout).toContain('  remedy     --map file:///var/lib/glance/images2=local\n');
    expect(stdout).toContain('reserved by Glance, never a target');
  });

  it('tells so of a row that has its store, too', async () => {
    const url = 'file:///var/lib/glance/images-archive/old/5f1c';
    const [location] = await explain('--url', url, '--meta-data', '{"store": "local"}');
    expect(location).toMatchObject({ outcome: 'current', nearestStore: null, remedy: null });
    expect(location?.glanceReason).toMatch(/^path-boundary: /);
  });

  it('clips a long value for people', async () => {
    const long = `{"a": "${'x'.repeat(5_000)}"}`;
    const [location] = await explain('--url', 'file:///elsewhere/x', '--meta-data', long);
    expect(location?.metaData).toBe(long);
    const { stdout } = await cloud.command(
      'explain',
      '--url',
      'file:///elsewhere/x',
      '--meta-data',
      long,
    );
    expect(stdout).toContain('xxx…\n');
    expect(stdout.length).toBeLessThan(3_000);
  });

  it('needs no database for a URL', async () => {
    const conf =
      '[DEFAULT]\nenabled_backends = f:file\n[glance_store]\ndefault_backend = f\n[f]\nfilesystem_store_datadir = /images\n';
    cloud.write('no-database.conf', conf);
    const run = await cloud.run([
      'explain',
      '--config-file',
      'no-database.conf',
      '--url',
      'file:///images/x',
    ]);
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
  });
});
