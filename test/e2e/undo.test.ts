import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UndoReport } from '../../src/report/undo-report.ts';
import { type CliRun, runCli } from '../support/cli.ts';
import { findSchemaErrors } from '../support/json-schema.ts';
import { readReport } from '../support/reading.ts';
import { makeSampleCloud, type SampleCloud } from '../support/sample-cloud.ts';
import { readRows, type SqliteRow } from '../support/sqlite-file.ts';

const clouds: SampleCloud[] = [];
const makeCloud = (): SampleCloud => {
  const cloud = makeSampleCloud();
  clouds.push(cloud);
  return cloud;
};
afterAll(() => {
  for (const cloud of clouds) cloud.remove();
});

/** All columns of all locations but the time of the last change, as text that shows every difference. */
const texts = ({ databaseFile }: SampleCloud): readonly SqliteRow[] =>
  readRows(databaseFile, 'SELECT * FROM image_locations ORDER BY id').map((row) => ({
    ...row,
    updated_at: null,
  }));

function readUndo({ stdout, stderr }: CliRun): UndoReport {
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as UndoReport;
}

/** Runs SQL behind the program's back. */
function change(cloud: SampleCloud, sql: string): void {
  const database = new Database(cloud.databaseFile);
  database.exec(sql);
  database.close();
}

describe('undo of a run on the sample cloud', () => {
  const cloud = makeCloud();
  const journal = 'run.ndjson';
  let before: readonly SqliteRow[];
  let dry: CliRun;
  let undo: CliRun;
  let second: CliRun;
  let written: number;

  beforeAll(async () => {
    before = texts(cloud);
    const run = readReport(await cloud.command('backfill', '-f', 'json', '--journal', journal));
    expect(run.journal).toBe(journal);
    written = run.rows.assigned + run.rows.replaced;
    const json = ['-f', 'json', '--detailed-exitcode', '--journal', 'own/'];
    dry = await cloud.command('undo', journal, '--dry-run', ...json);
    undo = await cloud.command('undo', journal, ...json);
    second = await cloud.command('undo', journal, ...json);
  });

  it('puts back what the run wrote, to the byte', () => {
    expect(undo).toMatchObject({ code: 0, stderr: '' });
    expect(readUndo(undo).rows).toEqual({ inJournal: written, restored: written, leftAlone: 0 });
    expect(texts(cloud)).toEqual(before);
  });

  it('says the same in a dry run', () => {
    expect(readUndo(dry)).toEqual({ ...readUndo(undo), dryRun: true, ownJournal: null });
  });

  it('leaves all rows alone the second time', () => {
    expect(second).toMatchObject({ code: 4, stderr: '' });
    expect(readUndo(second)).toMatchObject({
      rows: { inJournal: written, restored: 0, leftAlone: written },
      leftAlone: [{ reason: 'holds its old meta_data already', count: written }],
      exitCode: 4,
    });
  });

  it('keeps a journal of its own of what it did, and none of nothing', () => {
    expect(readdirSync(cloud.path('own'))).toHaveLength(1);
    const [name = ''] = readdirSync(cloud.path('own'));
    const [head = ''] = cloud.read(join('own', name)).split('\n');
    expect(JSON.parse(head)).toMatchObject({ undoes: cloud.path(journal) });
    expect(readUndo(undo).ownJournal).toBe(`own/${name}`);
    expect(readUndo(second).ownJournal).toBeNull();
  });

  it.each([
    ['of the dry run', () => dry],
    ['of the undo', () => undo],
    ['of the second undo', () => second],
  ])('prints the result %s as JSON by its schema', (_which, run) => {
    expect(findSchemaErrors('undo.schema.json', readUndo(run()))).toEqual([]);
  });
});

describe('undo', () => {
  const cloud = makeCloud();
  beforeAll(async () => {
    await cloud.command('backfill', '--journal', 'run.ndjson');
    change(cloud, `UPDATE image_locations SET meta_data = '{"theirs": 1}' WHERE id IN (1, 4)`);
  });

  it('tells people in a table what it leaves alone and why', async () => {
    const { code, stdout, stderr } = await cloud.command('undo', 'run.ndjson', '--dry-run');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Dry run: nothing was written\.\n/);
    expect(stdout).toMatch(/^ {8}2 {2}changed since\n {11}e\.g\. location 1 of image [\w-]+$/m);
    expect(stdout).toMatch(/\nWithout --dry-run 2,642 rows would be restored\.\n$/);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('goes at the pace it is told', async () => {
    const paced = makeCloud();
    await paced.command('backfill', '--journal', 'run.ndjson');
    const undo = (...options: string[]) =>
      paced.command('undo', 'run.ndjson', '--journal', 'own.ndjson', ...options);
    expect(await undo('--max-load', 'Threads_running=9')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--max-load goes with MariaDB and MySQL only') as string,
    });
    const pace = ['--batch-size', '100', '--writers', '1', '--max-rate', '100000'];
    expect(await undo(...pace, '--run-time', '5m')).toMatchObject({ code: 0, stderr: '' });
    const plans = paced.read('own.ndjson').match(/^.*"changes".*$/gm) ?? [];
    expect(plans.length).toBeGreaterThanOrEqual(26);
  });

  it('works from another folder', async () => {
    const options = ['--config-file', cloud.path('glance-api.conf.example'), '--dry-run'];
    const environment = { OS_DATABASE__CONNECTION: `sqlite:///${cloud.databaseFile}` };
    const { code, stderr } = await runCli(['undo', cloud.path('run.ndjson'), ...options], {
      cwd: '/',
      environment,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('refuses the journal of another database', async () => {
    const other = makeCloud();
    const before = texts(other);
    const { code, stdout, stderr } = await other.command('undo', cloud.path('run.ndjson'));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/belongs to sqlite database .*, and \[database\] connection names/);
    expect(texts(other)).toEqual(before);
  });

  it('refuses the journal of another database of the same name', async () => {
    const other = makeCloud();
    await other.command('backfill', '--journal', 'run.ndjson');
    // As if a database of another region had come to stand in its place.
    change(other, `UPDATE image_locations SET image_id = (SELECT MAX(id) FROM images)`);
    const { code, stdout, stderr } = await other.command('undo', 'run.ndjson', '--dry-run');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /belongs to another database .*: the same locations are of other images/,
    );
  });

  it.each([
    ['that is not there', 'no-such.ndjson', /no-such\.ndjson cannot be read: .*\(ENOENT\)/],
    ['that is none', 'glance-api.conf.example', /:1: not a journal of glance-store-backfill/],
  ])('refuses a journal %s', async (_which, path, message) => {
    const { code, stdout, stderr } = await cloud.command('undo', path);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('refuses a journal damaged in the middle before it puts back the first row', async () => {
    const [head, plan, ...rest] = cloud.read('run.ndjson').split('\n');
    cloud.write('damaged.ndjson', [head, plan, '{"batch":1,', ...rest].join('\n'));
    const before = texts(cloud);
    const { code, stderr } = await cloud.command('undo', 'damaged.ndjson');
    expect(code).toBe(2);
    expect(stderr).toMatch(/damaged\.ndjson:3: not a journal/);
    expect(texts(cloud)).toEqual(before);
  });

  it('warns of a journal without end, and puts back what it holds', async () => {
    const lines = cloud.read('run.ndjson').trimEnd().split('\n');
    cloud.write('killed.ndjson', `${lines.slice(0, -1).join('\n')}\n{"finis`);
    const run = await cloud.command('undo', 'killed.ndjson', '-f', 'json', '--journal', 'none');
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/^warning: the journal breaks off within a line/);
    expect(readUndo(run).rows).toEqual({ inJournal: 2644, restored: 2642, leftAlone: 2 });
  });
});

/** Its only location has its store. */
const labelledImage = '00032d59-bfd3-4063-a2ac-1375c846b2ef';

describe('the journal of a run', () => {
  it('is readable by its owner alone, in a directory made for it, and holds no credentials', async () => {
    const cloud = makeCloud();
    const environment = { XDG_STATE_HOME: cloud.path('state') };
    const run = await cloud.run(
      ['backfill', '--config-file', 'glance-api.conf.example'],
      environment,
    );
    const directory = cloud.path('state/glance-store-backfill');
    const [name = '', ...others] = readdirSync(directory);
    expect(others).toEqual([]);
    const path = join(directory, name);
    expect(run.stdout).toContain(`Journal: ${path}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const text = cloud.read(join('state/glance-store-backfill', name));
    expect(text).not.toMatch(/:\/\//);
    expect(text).not.toMatch(/not-a-real|not\/a\/real|EXAMPLEACCESSKEY/);
  });

  it.each([
    ['a dry run', ['--dry-run']],
    ['a run that finds nothing to do', ['--image', labelledImage]],
    ['--journal none', ['--journal', 'none']],
  ])('is not made by %s', async (_what, options) => {
    const cloud = makeCloud();
    const environment = { XDG_STATE_HOME: cloud.path('state') };
    const common = ['backfill', '-f', 'json', '--config-file', 'glance-api.conf.example'];
    const run = await cloud.run([...common, ...options], environment);
    expect(readReport(run).journal).toBeNull();
    expect(existsSync(cloud.path('state'))).toBe(false);
  });

  it.each([
    ['that exists', 'taken.ndjson', 2, /taken\.ndjson exists already/],
    ['without a directory', 'no/such/run.ndjson', 2, /its directory is not there/],
  ])('%s stops the run before it writes', async (_which, journal, code, message) => {
    const cloud = makeCloud();
    cloud.write('taken.ndjson', 'a letter');
    const before = texts(cloud);
    const run = await cloud.command('backfill', '--journal', journal);
    expect(run.code).toBe(code);
    expect(run.stderr).toMatch(message);
    expect(texts(cloud)).toEqual(before);
    expect(cloud.read('taken.ndjson')).toBe('a letter');
  });

  it('stops the run before it reads when its directory cannot be made, and does not hinder a dry run', async () => {
    const cloud = makeCloud();
    const before = texts(cloud);
    const command = ['backfill', '--config-file', 'glance-api.conf.example'];
    const environment = { XDG_STATE_HOME: '/dev/null' };
    const run = await cloud.run(command, environment);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/\/dev\/null\/glance-store-backfill cannot be made.*--journal/);
    expect(texts(cloud)).toEqual(before);
    const dry = await cloud.run([...command, '--dry-run', '-f', 'json'], environment);
    expect(dry.stderr).toBe(`warning: without --dry-run this run would be refused: ${run.stderr}`);
    expect(readReport(dry)).toMatchObject({ exitCode: 0, refusals: [run.stderr.trimEnd()] });
  });

  it('is named when the run fails after it has begun to write', async () => {
    const cloud = makeCloud();
    change(
      cloud,
      `CREATE TRIGGER full BEFORE UPDATE ON image_locations WHEN OLD.id > 1500
       BEGIN SELECT RAISE(ABORT, 'no more'); END`,
    );
    const options = ['--journal', 'run.ndjson', '--batch-size', '100', '-f', 'json'];
    const run = await cloud.command('backfill', ...options);
    const report = readReport(run);
    expect(report).toMatchObject({ exitCode: 1, stoppedBy: 'error', journal: 'run.ndjson' });
    expect(run.stderr).toMatch(/no more\nwhat the run wrote is in its journal, run\.ndjson\n$/);
    const undo = readUndo(await cloud.command('undo', 'run.ndjson', '-f', 'json'));
    expect(undo.rows).toMatchObject({
      leftAlone: 0,
      restored: report.rows.assigned + report.rows.replaced,
    });
    expect(undo.rows.restored).toBeGreaterThan(0);
  });

  it('--keep-journals deletes older ones of a directory after a good run, and nothing else', async () => {
    const cloud = makeCloud();
    const options = ['--journal', 'journals/', '--keep-journals', '2'];
    cloud.write('journals/2020-01-01T00-00-00Z-1.ndjson', 'a letter');
    for (const imageCondition of ['id < 500', 'id < 1000', 'id < 1500']) {
      change(cloud, `UPDATE image_locations SET meta_data = '{}' WHERE ${imageCondition}`);
      expect(await cloud.command('backfill', ...options)).toMatchObject({ code: 0, stderr: '' });
    }
    const names = readdirSync(cloud.path('journals'));
    expect(names).toHaveLength(3);
    expect(names).toContain('2020-01-01T00-00-00Z-1.ndjson');
  });

  it.each(['none', 'run.ndjson'])('--keep-journals is refused with --journal %s', async (place) => {
    const cloud = makeCloud();
    const run = await cloud.command('backfill', '--journal', place, '--keep-journals', '3');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/--keep-journals goes with a directory/);
  });
});
