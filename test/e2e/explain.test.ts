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
    expect(location?.reason).toMatch(/^unlike Glance \([a-z-]+\): /);
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
