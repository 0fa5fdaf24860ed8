import { once } from 'node:events';
import { existsSync, lstatSync, readdirSync, statSync, symlinkSync, watch } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type CliRun, runShell, startCli } from '../support/cli.ts';
import { oneStoreConf } from '../support/file-stores.ts';
import { runProgram } from '../support/programs.ts';
import { readReport } from '../support/reading.ts';
import { makeSampleCloud, type SampleCloud } from '../support/sample-cloud.ts';
import { createGlanceDatabase } from '../support/servers-database.ts';
import { seedLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';

const file = 'glance-store-backfill.prom';

let cloud: SampleCloud;
beforeEach(() => {
  cloud = makeSampleCloud();
});
afterEach(() => {
  cloud.remove();
});

const backfill = (...options: readonly string[]) =>
  cloud.command('backfill', '--metrics-file', file, ...options);

/** The values that the file has now, by name and labels; promtool must find no fault with it. */
function readMetrics(): Map<string, number> {
  const text = cloud.read(file);
  expect(runProgram('promtool', ['check', 'metrics'], text)).toEqual({ code: 0, output: '' });
  const samples = text.matchAll(/^glance_store_backfill_(\S+) (\S+)$/gm);
  return new Map([...samples].map(([, name = '', value]) => [name, Number(value)]));
}

const exitCodeOf = (metrics: ReadonlyMap<string, number>, mode = 'write') =>
  metrics.get(`last_run_exit_code{mode="${mode}"}`);
const successOf = (metrics: ReadonlyMap<string, number>, mode = 'write') =>
  metrics.get(`last_success_timestamp_seconds{mode="${mode}"}`);
const hasCounts = (metrics: ReadonlyMap<string, number>) =>
  [...metrics.keys()].some((name) => name.startsWith('rows{'));

describe('the metrics of a run that comes to its end', () => {
  it('tell the same as its report, and when it was', async () => {
    const report = readReport(await backfill('-f', 'json'));
    const metrics = readMetrics();
    expect(metrics.get('rows{mode="write",outcome="assigned"}')).toBe(report.rows.assigned);
    expect(metrics.get('rows{mode="write",outcome="unmatched"}')).toBe(report.rows.unmatched);
    expect(metrics.get('contradicting_rows{mode="write"}')).toBe(report.rows.contradicting);
    for (const { id, assigned } of report.stores) {
      const name = `store_rows{mode="write",store="${id}",outcome="assigned"}`;
      expect(metrics.get(name), id).toBe(assigned);
    }
    const end = Date.parse(report.finishedAt) / 1000;
    expect(Math.abs((successOf(metrics) ?? 0) - end)).toBeLessThan(5);
    expect(exitCodeOf(metrics)).toBe(0);
    const seconds = metrics.get('last_run_duration_seconds{mode="write"}') ?? 0;
    expect(seconds).toBeGreaterThanOrEqual(report.seconds);
    expect(seconds).toBeLessThan(report.seconds + 30);
  });

  it('are of the last run only', async () => {
    await backfill();
    await backfill();
    const metrics = readMetrics();
    expect(metrics.get('last_run_written_rows{mode="write"}')).toBe(0);
    expect(metrics.get('rows{mode="write",outcome="assigned"}')).toBe(0);
  });

  it('of a dry run tell that it was one', async () => {
    await backfill('--dry-run', '--detailed-exitcode');
    const metrics = readMetrics();
    expect(exitCodeOf(metrics, 'dry-run')).toBe(4);
    expect(successOf(metrics, 'dry-run')).toBeGreaterThan(0);
    expect(successOf(metrics)).toBeUndefined();
  });

  it('name a store that has lost its ceph.conf', async () => {
    cloud.write('demo/ceph.conf', '');
    await backfill('--dry-run', '--quiet');
    const metrics = readMetrics();
    expect(metrics.get('store_usable{mode="dry-run",store="ceph"}')).toBe(0);
    expect(metrics.get('store_usable{mode="dry-run",store="local"}')).toBe(1);
  });
});

describe('the metrics of a run that does not', () => {
  let success: number | undefined;
  beforeEach(async () => {
    await backfill();
    success = successOf(readMetrics());
    expect(success).toBeGreaterThan(0);
  });

  /** Such a run keeps the last success, and tells no counts. */
  function expectOnlyCode(code: number): void {
    const metrics = readMetrics();
    expect(exitCodeOf(metrics)).toBe(code);
    expect(successOf(metrics)).toBe(success);
    expect(hasCounts(metrics)).toBe(false);
  }

  it('as the database is gone', async () => {
    cloud.write('gone.conf', cloud.read('glance-api.conf.example').replace('.sqlite', '.gone'));
    expect((await backfill('--config-file', 'gone.conf')).code).toBe(1);
    expectOnlyCode(1);
  });

  it('as the configuration is wrong', async () => {
    expect((await backfill('--config-file', 'nowhere.conf')).code).toBe(2);
    expectOnlyCode(2);
  });

  it('as another option cannot be', async () => {
    expect((await backfill('--report-file', 'report.txt')).code).toBe(2);
    expectOnlyCode(2);
  });

  it('as it was stopped', async () => {
    const undone = makeSampleCloud();
    onTestFinished(undone.remove);
    cloud.write('other.conf', cloud.read('glance-api.conf.example'));
    const environment = { OS_DATABASE__CONNECTION: `sqlite:///${undone.databaseFile}` };
    const options = ['--config-file', 'other.conf', '--metrics-file', file, '--max-count', '3'];
    const { code } = await cloud.run(['backfill', ...options], environment);
    expect(code).toBe(5);
    expectOnlyCode(5);
    expect(readMetrics().get('last_run_written_rows{mode="write"}')).toBe(3);
  });

  it('as another run has the lock', async () => {
    const database = await createGlanceDatabase('postgresql');
    onTestFinished(() => database.drop());
    await seedLocations(database, [{ id: 1 }]);
    const other = await openTable(database.url);
    onTestFinished(() => other.close());
    await other.lock();
    cloud.write('locked.conf', oneStoreConf);
    const options = ['--config-file', 'locked.conf', '--metrics-file', file];
    const environment = { OS_DATABASE__CONNECTION: database.url };
    expect((await cloud.run(['backfill', ...options], environment)).code).toBe(75);
    expectOnlyCode(75);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('as %s ended it before it had begun', async (signal, code) => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    cloud.write('silent.conf', oneStoreConf);
    const words = ['backfill', '--config-file', 'silent.conf', '--metrics-file', file];
    const environment = { OS_DATABASE__CONNECTION: `mysql://u:p@127.0.0.1:${port}/glance` };
    const program = startCli(words, { cwd: cloud.folder, environment });
    await once(silent, 'connection');
    program.kill(signal);
    expect((await program.ended).code).toBe(code);
    expectOnlyCode(code);
  });
});

describe('the file', () => {
  it('can be read by others, whatever the umask', async () => {
    const command = `$PROGRAM backfill --config-file glance-api.conf.example --metrics-file ${file}`;
    const { code } = await runShell(`umask 077; ${command}`, { cwd: cloud.folder });
    expect(code).toBe(0);
    expect((statSync(cloud.path(file)).mode & 0o777).toString(8)).toBe('644');
  });

  it('is written under a name that node_exporter passes over, then renamed', async () => {
    const seen = new Set<string | null>();
    const watcher = watch(cloud.folder, (_event, name) => seen.add(name));
    await backfill('--dry-run');
    await sleep(100);
    watcher.close();
    const names = [...seen].filter((name) => name?.includes(file));
    expect(names).toHaveLength(2);
    expect(names.filter((name) => name?.endsWith('.prom'))).toEqual([file]);
    expect(readdirSync(cloud.folder).filter((name) => name.includes(file))).toEqual([file]);
  });

  it('stays what it was on a full disk, and the run is a failure', async () => {
    await backfill();
    const before = cloud.read(file);
    const command = `$PROGRAM backfill --config-file glance-api.conf.example --metrics-file ${file}`;
    const run = await runShell(`ulimit -f 0; ${command}`, { cwd: cloud.folder });
    expect([run.code, run.stderr]).toEqual([
      1,
      `--metrics-file ${file}: EFBIG: file too large, write; mend that, or name another file\n`,
    ]);
    expect(run.stdout).toContain('0 rows written.\n');
    expect(cloud.read(file)).toBe(before);
    expect(readdirSync(cloud.folder).filter((name) => name.includes(file))).toEqual([file]);
  });

  it.each(['there', 'still to be made'])('may be a symbolic link to a file %s', async (target) => {
    cloud.write('elsewhere/README', '');
    if (target === 'there') cloud.write('elsewhere/metrics.prom', '');
    symlinkSync('elsewhere/metrics.prom', cloud.path(file));
    await backfill('--dry-run');
    expect(lstatSync(cloud.path(file)).isSymbolicLink()).toBe(true);
    expect(cloud.read('elsewhere/metrics.prom')).toContain('last_run_exit_code');
  });

  it.each([
    [
      ['--metrics-file', 'metrics.txt'],
      /^--metrics-file metrics\.txt: the name must end in \.prom/,
    ],
    [['--metrics-file', 'no/metrics.prom'], /no\/metrics\.prom: there is no directory no; make it/],
    [['--metrics-file', 'folder.prom'], /folder\.prom: it is a directory/],
    [['--metrics-file', 'foreign.prom'], /foreign\.prom: there is a file .* no earlier run wrote/],
    [['--metrics-file', 'm.prom', '--rows-file', './m.prom'], /--rows-file name the same file/],
    [['--metrics-file', 'm.prom', '--image', 'i'], /whole table, --image of a part; leave one out/],
  ])('is refused before the run begins: %j', async (options, message) => {
    cloud.write('folder.prom/x', '');
    cloud.write('foreign.prom', 'node_load1 1\n');
    const run: CliRun = await cloud.command('backfill', ...options);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(message);
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(cloud.read('foreign.prom')).toBe('node_load1 1\n');
    expect(existsSync(cloud.path('m.prom'))).toBe(false);
    expect(readReport(await cloud.command('backfill', '-f', 'json')).rows.assigned).toBeGreaterThan(
      0,
    );
  });
});
