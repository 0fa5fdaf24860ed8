import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copies, imagesBeforeTheMove, imagesSinceTheMove } from '../../demo/sample-groups.js';
import type { BackfillReport } from '../../src/report/report.ts';
import type { CliRun } from '../support/cli.ts';
import { findSchemaErrors } from '../support/json-schema.ts';
import { countBy, readReport, readRowLines, type RowLine } from '../support/reading.ts';
import { makeSampleCloud, type SampleCloud } from '../support/sample-cloud.ts';
import {
  readLocations,
  readRows,
  readTables,
  type SqliteRow,
  type Tables,
} from '../support/sqlite-file.ts';

/** Rows of the sample by outcome, as those who made it meant them. */
const meant: Readonly<Record<string, number>> = Object.fromEntries(
  ['current', 'assigned', 'replaced', 'unmatched', 'unreadable'].map((outcome) => [
    outcome,
    [...imagesBeforeTheMove, ...imagesSinceTheMove, ...copies]
      .filter((group) => group.outcome === outcome)
      .reduce((sum, { count }) => sum + count, 0),
  ]),
);

/** As SQLAlchemy writes a DATETIME into SQLite. */
const sqlAlchemyTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/;

const clouds: SampleCloud[] = [];
const makeCloud = (): SampleCloud => {
  const cloud = makeSampleCloud();
  clouds.push(cloud);
  return cloud;
};
afterAll(() => {
  for (const cloud of clouds) cloud.remove();
});

describe('stores', () => {
  const cloud = makeCloud();

  it('lists the stores of enabled_backends in order, the reserved ones and the overlap', async () => {
    const { code, stdout, stderr } = await cloud.command('stores');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const names = [...stdout.matchAll(/^ {2}(\S+) {2}(\S+)$/gm)].map(([, id, type]) => [id, type]);
    expect(names).toEqual([
      ['ceph', 'rbd'],
      ['local', 'file'],
      ['archive', 'file'],
      ['web', 'http'],
      ['objects', 'swift'],
      ['offsite', 's3'],
      ['volumes', 'cinder'],
      ['vcenter', 'vmware'],
      ['os_glance_staging_store', 'file'],
      ['os_glance_tasks_store', 'file'],
    ]);
    expect(stdout).toContain('  local, archive\n    file:///var/lib/glance/images-archive/\n');
  });

  it('prints JSON as its schema says', async () => {
    const { code, stdout } = await cloud.command('stores', '-f', 'json');
    expect(code).toBe(0);
    expect(findSchemaErrors('stores.schema.json', JSON.parse(stdout))).toEqual([]);
  });
});

describe('backfill on the sample cloud', () => {
  const cloud = makeCloud();
  const fileBytes = (): Buffer => readFileSync(cloud.databaseFile);
  let bytesBefore: Buffer;
  let bytesAfterDryRun: Buffer;
  let bytesAfterRun: Buffer;
  let before: Tables;
  let after: Tables;
  let dry: BackfillReport;
  let run: BackfillReport;
  let runOutput: CliRun;
  let second: BackfillReport;
  let lines: readonly RowLine[];

  beforeAll(async () => {
    before = readTables(cloud.databaseFile);
    bytesBefore = fileBytes();
    const files = ['--report-file', 'report.json', '--rows-file', 'rows.ndjson'];
    const json = ['-f', 'json'];
    dry = readReport(await cloud.command('backfill', '--dry-run', ...json));
    bytesAfterDryRun = fileBytes();
    runOutput = await cloud.command('backfill', ...json, ...files);
    run = readReport(runOutput);
    lines = readRowLines(cloud.read('rows.ndjson'));
    after = readTables(cloud.databaseFile);
    bytesAfterRun = fileBytes();
    second = readReport(await cloud.command('backfill', ...json));
  });

  /** Locations that the run changed, before and after. */
  function changedRows(): { readonly before: SqliteRow; readonly after: SqliteRow }[] {
    const rows = after.get('image_locations') ?? [];
    return (before.get('image_locations') ?? []).flatMap((row, index) => {
      const now = rows[index] ?? {};
      return JSON.stringify(row) === JSON.stringify(now) ? [] : [{ before: row, after: now }];
    });
  }

  it.each([
    ['of the dry run', () => dry],
    ['of the run', () => run],
    ['of a second run', () => second],
  ])('prints the report %s as JSON by its schema', (_which, report) => {
    expect(findSchemaErrors('report.schema.json', report())).toEqual([]);
  });

  it('leaves the file as it is in a dry run, byte for byte', () => {
    expect(bytesAfterDryRun.equals(bytesBefore)).toBe(true);
  });

  it('finds in every row what the sample means it to be', () => {
    expect(dry.rows).toMatchObject({ ...meant, skipped: 0, ambiguous: 0, conflicted: 0 });
    expect(dry.rows.contradicting).toBe(14);
    const { examined, contradicting, ...outcomes } = dry.rows;
    expect(Object.values(outcomes).reduce((sum, count) => sum + count)).toBe(examined);
    expect(contradicting).toBeLessThan(outcomes.current);
    expect(dry.contradicting.map(({ example, ...group }) => [group, example !== null])).toEqual([
      [{ store: 'local', matchingStore: 'archive', count: 14 }, true],
    ]);
  });

  it('counts the same in the dry run and in the run', () => {
    const { rows, stores, unmatched, ambiguous, unreadable, deviationsFromGlance } = dry;
    const counts = { rows, stores, unmatched, ambiguous, unreadable, deviationsFromGlance };
    expect(run).toMatchObject(counts);
    expect([dry.dryRun, run.dryRun]).toEqual([true, false]);
  });

  it('writes as many rows as it says, and of them meta_data and updated_at alone', () => {
    const changed = changedRows();
    expect(changed).toHaveLength(run.rows.assigned + run.rows.replaced);
    for (const rows of changed) {
      const { meta_data, updated_at } = rows.after;
      expect(rows.after).toEqual({ ...rows.before, meta_data, updated_at });
      expect(meta_data).not.toBe(rows.before['meta_data']);
    }
  });

  it('writes updated_at as SQLAlchemy does, with the time of the run', () => {
    const start = Math.floor(Date.parse(run.startedAt) / 1000) * 1000;
    for (const { updated_at } of changedRows().map((rows) => rows.after)) {
      expect(updated_at).toMatch(sqlAlchemyTime);
      const written = Date.parse(`${String(updated_at)}Z`);
      expect(written).toBeGreaterThanOrEqual(start);
      expect(written).toBeLessThanOrEqual(Date.parse(run.finishedAt));
    }
  });

  it('leaves every other table as it was', () => {
    expect([...before.keys()]).toContain('images');
    for (const [table, rows] of before) {
      if (table !== 'image_locations') expect(after.get(table), table).toEqual(rows);
    }
  });

  it('writes the report file as it prints the report', () => {
    expect(cloud.read('report.json')).toBe(runOutput.stdout);
  });

  it('writes a line of the rows file for each row that is not current or is contradicted', () => {
    const { current, contradicting, examined } = run.rows;
    expect(lines).toHaveLength(examined - current + contradicting);
    expect(new Set(lines.map(({ locationId }) => locationId)).size).toBe(lines.length);
    const { current: contradicted, ...outcomes } = countBy(lines, ({ outcome }) => outcome);
    expect(contradicted).toBe(contradicting);
    expect(run.rows).toMatchObject(outcomes);
  });

  it('writes into each row the store that its line of the rows file names', () => {
    const locations = new Map((after.get('image_locations') ?? []).map((row) => [row['id'], row]));
    for (const { locationId, outcome, store } of lines) {
      if (outcome !== 'assigned' && outcome !== 'replaced') continue;
      const metaData = JSON.parse(String(locations.get(locationId)?.['meta_data'])) as object;
      expect(metaData, String(locationId)).toHaveProperty('store', store);
    }
  });

  it('has nothing to do in a second run, and leaves the file as it is', () => {
    const { assigned, replaced, current, ...rest } = run.rows;
    const settled = { ...rest, current: current + assigned + replaced, assigned: 0, replaced: 0 };
    expect(second.rows).toEqual(settled);
    expect(fileBytes().equals(bytesAfterRun)).toBe(true);
  });
});

describe('an option of backfill', () => {
  const untouched = makeCloud();
  const dryRun = async (...options: readonly string[]) =>
    readReport(await untouched.command('backfill', '--dry-run', '-f', 'json', ...options));

  const usual = makeCloud();
  const readTexts = ({ databaseFile }: SampleCloud) =>
    readRows(databaseFile, 'SELECT id, meta_data FROM image_locations ORDER BY id');

  let plain: BackfillReport;
  beforeAll(async () => {
    [plain] = await Promise.all([dryRun(), usual.command('backfill')]);
  });

  it('--image looks at one image and writes no other', async () => {
    const cloud = makeCloud();
    const before = readLocations(cloud.databaseFile);
    const [example] = plain.deviationsFromGlance;
    const imageId = example?.example?.imageId ?? '';
    const { rows } = readReport(
      await cloud.command('backfill', '-f', 'json', '--image', imageId, '--image', 'no-such-image'),
    );
    const own = [...before.values()].filter(({ image_id }) => image_id === imageId);
    expect(rows.examined).toBe(own.length);
    expect(rows.assigned).toBeGreaterThan(0);
    const changed = [...readLocations(cloud.databaseFile)].filter(
      ([id, row]) => JSON.stringify(row) !== JSON.stringify(before.get(id)),
    );
    expect(new Set(changed.map(([, { image_id }]) => image_id))).toEqual(new Set([imageId]));
    expect(changed).toHaveLength(rows.assigned + rows.replaced);
  });

  it('--only-missing leaves a store that is not enabled', async () => {
    const cloud = makeCloud();
    const { rows } = readReport(await cloud.command('backfill', '-f', 'json', '--only-missing'));
    const { assigned, replaced } = plain.rows;
    expect(rows).toMatchObject({ assigned, replaced: 0, skipped: replaced });
    const stale = readRows(
      cloud.databaseFile,
      `SELECT id FROM image_locations WHERE deleted = 0 AND meta_data = '{"store": "old-ceph"}'`,
    );
    expect(stale.length).toBeGreaterThanOrEqual(rows.skipped);
  });

  it('--include pending-delete also writes rows that wait for the scrubber', async () => {
    const cloud = makeCloud();
    const { rows } = readReport(
      await cloud.command('backfill', '-f', 'json', '--include', 'pending-delete'),
    );
    const waiting = readRows(
      cloud.databaseFile,
      `SELECT meta_data, status FROM image_locations WHERE status <> 'active'`,
    );
    const labelled = waiting.filter(({ meta_data }) => meta_data === '{"store": "ceph"}');
    expect(labelled.length).toBe(15);
    expect(new Set(labelled.map(({ status }) => status))).toEqual(new Set(['pending_delete']));
    expect(rows.examined).toBe(plain.rows.examined + labelled.length);
  });

  it('--include contradicting replaces an enabled store that is the wrong one', async () => {
    const cloud = makeCloud();
    const { rows } = readReport(
      await cloud.command('backfill', '-f', 'json', '--include', 'contradicting'),
    );
    expect(rows).toMatchObject({ contradicting: 0, replaced: plain.rows.replaced + 14 });
    const wrong = readRows(
      cloud.databaseFile,
      `SELECT id FROM image_locations WHERE deleted = 0 AND value LIKE '%images-archive%'
       AND meta_data <> '{"store": "archive"}'`,
    );
    expect(wrong).toEqual([]);
  });

  const fsid = '6b4b29c6-1d2f-4c1e-9a53-0e4d5f6a7b80';
  const retiredPool = `rbd://${fsid}/old-images`;

  it.each([
    ['--map', `${retiredPool}=ceph`],
    ['--map-file', 'map.json'],
  ])('%s settles rows that no store claims', async (option, value) => {
    untouched.write('map.json', JSON.stringify({ [retiredPool]: 'ceph' }));
    const { rows } = await dryRun(option, value);
    expect(plain.rows.unmatched - rows.unmatched).toBe(57);
    expect(rows.assigned - plain.rows.assigned).toBe(45);
    expect(rows.replaced - plain.rows.replaced).toBe(12);
  });

  it('--matching glance takes the first store whose prefix fits, as Glance does', async () => {
    const { matching, rows, stores, deviationsFromGlance } = await dryRun('--matching', 'glance');
    expect(matching).toBe('glance');
    expect(deviationsFromGlance).toEqual([]);
    const assigned = (all: BackfillReport['stores'], wanted: string) =>
      all.find(({ id }) => id === wanted)?.assigned ?? Number.NaN;
    // The directory of local is how that of archive begins.
    expect(assigned(stores, 'archive')).toBe(0);
    expect(assigned(stores, 'local')).toBe(
      assigned(plain.stores, 'local') + assigned(plain.stores, 'archive'),
    );
    // 60 URLs bear an old key; 8 lie in a datastore that vmware's prefix does not tell.
    expect(rows.unmatched).toBe(plain.rows.unmatched + 60 - 8);
  });

  it.each([
    ['--batch-size', '7'],
    ['--batch-size', '50000'],
    ['--writers', '1'],
    ['--writers', '5'],
  ])('%s %s makes no difference to what is written', async (option, value) => {
    const cloud = makeCloud();
    const report = readReport(await cloud.command('backfill', '-f', 'json', option, value));
    expect(readTexts(cloud)).toEqual(readTexts(usual));
    expect(report.rows).toEqual(plain.rows);
  });

  it.each([
    ['a dry run', ['--dry-run']],
    ['a run', []],
  ])('--detailed-exitcode gives 4 when %s leaves rows over', async (_which, how) => {
    const { code } = await makeCloud().command('backfill', '--detailed-exitcode', ...how);
    expect(code).toBe(4);
  });

  it('--detailed-exitcode gives 3 when there are rows to write and none are left over', async () => {
    const cloud = makeCloud();
    const imageId = plain.deviationsFromGlance[0]?.example?.imageId ?? '';
    const codes = [];
    for (const how of [['--dry-run'], [], ['--dry-run']]) {
      const options = ['--detailed-exitcode', '--image', imageId, ...how];
      codes.push((await cloud.command('backfill', ...options)).code);
    }
    expect(codes).toEqual([3, 0, 0]);
  });

  it('without --detailed-exitcode rows left over are no failure', async () => {
    expect((await untouched.command('backfill', '--dry-run')).code).toBe(0);
  });

  it.each([
    ['stores', []],
    ['backfill', ['--dry-run']],
  ])('--quiet keeps %s from warning', async (command, how) => {
    const conf = untouched.read('glance-api.conf.example');
    untouched.write('warned.conf', conf.replace('default_backend = ceph', 'default_backend = no'));
    const options = [...how, '--config-file', 'warned.conf'];
    const [loud, quiet] = await Promise.all([
      untouched.run([command, ...options]),
      untouched.run([command, ...options, '--quiet']),
    ]);
    expect(loud.stderr).toMatch(/^warning: .*warned\.conf:27: .*default_backend.*\n$/);
    expect([quiet.stderr, quiet.code, loud.code]).toEqual(['', 0, 0]);
  });

  it('--verbose tells which files the configuration came from', async () => {
    const { stderr } = await untouched.command('backfill', '--dry-run', '--verbose');
    expect(stderr).toBe(`configuration: ${untouched.path('glance-api.conf.example')}\n`);
  });

  it('--version and --help print to stdout and succeed', async () => {
    const [version, help] = [await untouched.run(['--version']), await untouched.run(['--help'])];
    expect(version).toEqual({ code: 0, stdout: `${plain.version}\n`, stderr: '' });
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('backfill');
  });
});
