import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CliRun } from '../support/cli.ts';
import { oneStoreConf, twoStoresConf } from '../support/file-stores.ts';
import { findSchemaErrors } from '../support/json-schema.ts';
import { readReport } from '../support/reading.ts';
import {
  createGlanceDatabase,
  DIALECTS,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { readLocations, SEED_IMAGE, seedLocations } from '../support/servers-locations.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

const swap: Readonly<Record<string, string>> = { '/images': '/slow', '/slow': '/images' };

/** Another controller's file, in which the two stores have changed places. */
const swappedConf = twoStoresConf.replace(/\/images|\/slow/g, (path) => swap[path] ?? '');

/** 110 labelled rows, 40 below /images and 70 below /slow, and one without a label. */
const locations = Array.from({ length: 111 }, (_, index) => {
  const store = index < 40 ? 'fast' : 'slow';
  const directory = index < 40 ? '/images' : '/slow';
  const metaData = index === 110 ? '{}' : `{"store": "${store}"}`;
  return { id: index + 1, value: `file://${directory}/${index + 1}`, metaData };
});

const refusal =
  'this is probably not the configuration that Glance labelled the table with: of 110 labelled rows in a sample ' +
  '110 rows (100.0 %) name another store than their URL lies in, and --max-contradictions allows 1 %: ' +
  '70 rows name slow, though the URL lies in fast (such as location 41); ' +
  '40 rows name fast, though the URL lies in slow (such as location 1). ' +
  'Run it with the configuration that glance-api uses ("stores --compare-with" shows where two differ); ' +
  'where this one is right and the labels are wrong, --include contradicting replaces them, ' +
  'and a higher --max-contradictions leaves them';

describe.each(DIALECTS)('a table labelled with another configuration, on %s', (dialect) => {
  let database: GlanceDatabase;
  let workplace: Workplace;

  beforeAll(() => {
    workplace = makeWorkplace();
    workplace.write('right.conf', twoStoresConf);
    workplace.write('swapped.conf', swappedConf);
  });
  beforeEach(async () => {
    database = await createGlanceDatabase(dialect);
    await seedLocations(database, locations);
    return () => database.drop();
  });
  afterAll(() => {
    workplace.remove();
  });

  const backfill = (conf: string, ...options: readonly string[]): Promise<CliRun> =>
    workplace.run(['backfill', '--config-file', conf, '-f', 'json', ...options], {
      OS_DATABASE__CONNECTION: database.url,
      XDG_STATE_HOME: workplace.folder,
    });
  const labels = async (): Promise<readonly (string | null)[]> =>
    (await readLocations(database)).map(({ metaData }) => metaData);

  it('is not written to, and the stores are named', async () => {
    const before = await readLocations(database);
    const rowsFile = workplace.path('rows.ndjson');
    expect(await backfill('swapped.conf', '--rows-file', rowsFile)).toEqual({
      code: 1,
      stdout: '',
      stderr: `${refusal}; nothing was written\n`,
    });
    expect(await readLocations(database)).toEqual(before);
    expect(existsSync(workplace.path('glance-store-backfill'))).toBe(false);
    expect(existsSync(rowsFile)).toBe(false);
  });

  it('is not written to for one image either', async () => {
    const before = await labels();
    const { code } = await backfill('swapped.conf', '--image', SEED_IMAGE);
    expect(code).toBe(1);
    expect(await labels()).toEqual(before);
  });

  it('is warned of by a dry run, which goes on', async () => {
    const dry = await backfill('swapped.conf', '--dry-run');
    const report = readReport(dry);
    expect(dry.stderr).toBe(`warning: without --dry-run this run would be refused: ${refusal}\n`);
    expect(findSchemaErrors('report.schema.json', report)).toEqual([]);
    expect(report).toMatchObject({
      exitCode: 0,
      refusals: [refusal],
      rows: { examined: 111, contradicting: 110, assigned: 1 },
      labels: { sampled: 111, labelled: 110, contradicting: 110, maxContradictions: 1 },
    });
    const table = await backfill('swapped.conf', '--dry-run', '-f', 'table');
    expect(table.stdout).toContain('\nWithout --dry-run this run would be refused\n  this is');
    expect(table.stdout).not.toContain('would be written.');
  });

  it('is written to by whoever allows as many contradictions', async () => {
    const run = await backfill('swapped.conf', '--max-contradictions', '100');
    expect(run.stderr).toBe('');
    expect(readReport(run)).toMatchObject({ refusals: [], labels: { maxContradictions: 100 } });
    expect((await labels()).at(-1)).toBe('{"store": "fast"}');
  });

  it('is not asked where contradictions are to be replaced', async () => {
    const run = await backfill('swapped.conf', '--include', 'contradicting');
    expect(readReport(run)).toMatchObject({ labels: null, rows: { replaced: 110 } });
  });

  it('bears out the right configuration', async () => {
    const run = await backfill('right.conf');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(readReport(run)).toMatchObject({
      refusals: [],
      rows: { current: 110, assigned: 1, contradicting: 0 },
      labels: { sampled: 111, labelled: 110, contradicting: 0, maxContradictions: 1 },
    });
  });

  it('has its stores named where these are not enabled, be the run quiet', async () => {
    const renamed = oneStoreConf.replaceAll('fast', 'quick');
    workplace.write('renamed.conf', `${renamed}[database]\nconnection = ${database.url}\n`);
    const run = await backfill('renamed.conf', '--dry-run', '--quiet');
    expect(run.stderr).toMatch(
      /^warning: of 111 rows in a sample 1\d\d name stores that are not enabled \((fast|slow|, )+\), more than name enabled ones: does enabled_backends have the ids that Glance uses\?\n$/,
    );
    expect(run.code).toBe(0);
  });
});
