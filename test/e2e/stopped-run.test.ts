import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runShell, type RunningCli, startCli, waitUntil } from '../support/cli.ts';
import { findSchemaErrors } from '../support/json-schema.ts';
import { oneStoreConf } from '../support/file-stores.ts';
import { readReport } from '../support/reading.ts';
import { makeSampleCloud, type SampleCloud } from '../support/sample-cloud.ts';
import {
  type AdminSession,
  createGlanceDatabase,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { seedLocations } from '../support/servers-locations.ts';
import { readRows } from '../support/sqlite-file.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

const toWrite = 2_644;
const rows = 3_265;

let cloud: SampleCloud;
let program: RunningCli | undefined;
beforeEach(() => {
  cloud = makeSampleCloud();
});
afterEach(async () => {
  program?.kill('SIGKILL');
  await program?.ended;
  program = undefined;
  cloud.remove();
});

const configured = ['--config-file', 'glance-api.conf.example', '-f', 'json'];

function start(command: string, ...options: readonly string[]): RunningCli {
  program = startCli([command, ...configured, ...options], { cwd: cloud.folder });
  return program;
}

const json = (command: string, ...options: readonly string[]) => start(command, ...options).ended;

/** Rows that the run has changed: the sample's own are older. */
const countWritten = () =>
  readRows(
    cloud.databaseFile,
    `SELECT id FROM image_locations WHERE updated_at >= datetime('now', '-1 hour')`,
  ).length;

const readIfThere = (name: string) => (existsSync(cloud.path(name)) ? cloud.read(name) : '');

/** Keeps others from writing into the file until it is told to let go. */
function holdLock(): () => void {
  const holder = new Database(cloud.databaseFile);
  holder.exec('BEGIN IMMEDIATE');
  return () => {
    holder.exec('ROLLBACK');
    holder.close();
  };
}

describe('--max-count', () => {
  it('writes so many rows, then ends with 5 and says how far it came', async () => {
    const run = await json('backfill', '--max-count', '1000');
    const report = readReport(run);
    expect(run).toMatchObject({ code: 5, stderr: '' });
    expect(report).toMatchObject({ exitCode: 5, stoppedBy: 'max-count' });
    expect(report.rows.assigned + report.rows.replaced).toBe(1_000);
    expect(countWritten()).toBe(1_000);
    expect(report.stoppedAt?.lastLocationId).toBeGreaterThanOrEqual(rows);
    expect(report.stoppedAt?.locationId).toBeLessThan(rows);
    expect(findSchemaErrors('report.schema.json', report)).toEqual([]);
  });

  it('is as exact run after run, and ends with 0 where the table does', async () => {
    const codes: (number | null)[] = [];
    for (let round = 0; round < 4; round++) {
      const run = await json('backfill', '--max-count', '661', '--writers', '3');
      codes.push(run.code);
      expect(readReport(run).rows).toMatchObject({ conflicted: 0 });
    }
    expect(codes).toEqual([5, 5, 5, 0]);
    expect(countWritten()).toBe(toWrite);
  });

  it('in a dry run tells as many, at the same place', async () => {
    const options = ['--max-count', '77', '--detailed-exitcode'];
    const dry = await json('backfill', '--dry-run', ...options);
    expect(dry.code).toBe(5);
    expect(countWritten()).toBe(0);
    const report = readReport(await json('backfill', ...options));
    expect(readReport(dry)).toMatchObject({ rows: report.rows, stoppedAt: report.stoppedAt });
  });
});

describe('--run-time', () => {
  it('ends a run after the batch under way, with 5', async () => {
    const release = holdLock();
    const { ended } = start('backfill', '--run-time', '2s');
    const run = await Promise.race([ended, sleep(12_000)]);
    release();
    if (run === undefined) throw new Error('the run goes on');
    const report = readReport(run);
    expect(run.code).toBe(5);
    expect(report).toMatchObject({ stoppedBy: 'run-time', rows: { assigned: 0, replaced: 0 } });
    expect(countWritten()).toBe(0);
  });

  it('does not matter to a run that ends before', async () => {
    const run = await json('backfill', '--run-time', '1h');
    expect(readReport(run)).toMatchObject({ stoppedBy: null, stoppedAt: null, exitCode: 0 });
  });
});

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGHUP', 143],
  ] as const)('%s while a batch waits to be tried again ends the wait', async (signal, code) => {
    const release = holdLock();
    // One row cannot be halved, so it is the waits that grow.
    const options = ['--verbose', '--batch-size', '1', '--report-file', 'report.json'];
    const running = start('backfill', ...options);
    await waitUntil('it tries again', () => /trying again in [2-5]\d{3} ms/.test(running.stderr()));
    const signalledAt = performance.now();
    running.kill(signal);
    const run = await running.ended;
    expect(performance.now() - signalledAt).toBeLessThan(1_500);
    release();
    const report = readReport(run);
    expect(run.code).toBe(code);
    expect(report).toMatchObject({ stoppedBy: 'signal', exitCode: code });
    expect(JSON.parse(cloud.read('report.json'))).toEqual(report);
    const { examined, current, unmatched, ambiguous, unreadable } = report.rows;
    expect(examined).toBe(current + unmatched + ambiguous + unreadable);
    expect(countWritten()).toBe(0);
    const undo = await json('undo', report.journal ?? '', '--journal', 'none');
    expect(JSON.parse(undo.stdout)).toMatchObject({ rows: { inJournal: 0 } });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s while it connects ends it at once, with %i', async (signal, code) => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const running = startCli(['backfill', ...configured], {
      cwd: cloud.folder,
      environment: { OS_DATABASE__CONNECTION: `mysql://glance@127.0.0.1:${port}/glance` },
    });
    program = running;
    await once(silent, 'connection');
    const signalledAt = performance.now();
    running.kill(signal);
    const run = await running.ended;
    silent.close();
    expect(performance.now() - signalledAt).toBeLessThan(2_000);
    expect(run).toEqual({
      code,
      stdout: '',
      stderr: `${signal} before the run had begun: nothing was written\n`,
    });
    expect(existsSync(cloud.path('home'))).toBe(false);
  });
});

describe('a batch that hangs on MariaDB', () => {
  let database: GlanceDatabase;
  let workplace: Workplace;
  /** Glance's own connection. */
  let glance: AdminSession;

  beforeEach(async () => {
    workplace = makeWorkplace();
    database = await createGlanceDatabase('mysql');
    await seedLocations(database, [{ id: 1 }, { id: 2 }]);
    glance = await database.connect();
    workplace.write(
      'glance-api.conf',
      `${oneStoreConf}[database]
connection = ${database.url}
`,
    );
  });
  afterEach(async () => {
    await glance.close();
    await database.drop();
    workplace.remove();
  });

  const command = (...words: readonly string[]) => [
    ...words,
    ...['--config-file', 'glance-api.conf', '-f', 'json'],
  ];
  const begin = (...words: readonly string[]): RunningCli => {
    program = startCli(command(...words), { cwd: workplace.folder });
    return program;
  };
  /**
   * Has Glance lock a row until the program tries again; then a change to the table, which waits for Glance, keeps
   * the program's next statement waiting.
   *
   * @returns what lets all of them go on
   */
  async function hang(running: RunningCli, change: string): Promise<() => Promise<void>> {
    await waitUntil('it tries again', () => /trying again/.test(running.stderr()));
    const changer = await database.connect();
    const changed = changer.run(change);
    const sql = `SELECT COUNT(*) FROM information_schema.processlist
      WHERE db = ? AND user = 'glance' AND state LIKE 'Waiting for table metadata lock'`;
    const countWaiting = async () => Number((await database.run(sql, [database.name]))[0]?.[0]);
    await expect.poll(countWaiting, { timeout: 20_000 }).toBe(1);
    return async () => {
      await glance.run('COMMIT');
      await changed;
      await changer.close();
    };
  }

  const lockRow = async () => {
    await glance.run('BEGIN');
    await glance.run('SELECT id FROM image_locations WHERE id = 1 FOR UPDATE');
  };

  it('is waited for at the first signal, and not at the second', async () => {
    await lockRow();
    const running = begin('backfill', '--verbose');
    const goOn = await hang(running, 'ALTER TABLE image_locations ADD COLUMN note TEXT');
    let hasEnded = false;
    void running.ended.then(() => (hasEnded = true));
    running.kill('SIGTERM');
    await sleep(500);
    expect(hasEnded).toBe(false);
    const killedAt = performance.now();
    running.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stdout: '' });
    expect(performance.now() - killedAt).toBeLessThan(2_000);
    await goOn();
  });

  it('is waited for when a terminal that is closed says so twice', async () => {
    await lockRow();
    const running = begin('backfill', '--verbose');
    const goOn = await hang(running, 'ALTER TABLE image_locations ADD COLUMN note TEXT');
    for (let time = 0; time < 2; time++) {
      running.kill('SIGHUP');
      await sleep(300);
    }
    await goOn();
    const run = await running.ended;
    expect(run.code).toBe(143);
    // The lock has made halves of the batch: the first is finished, the second not begun.
    expect(readReport(run)).toMatchObject({
      stoppedBy: 'signal',
      stoppedAt: { locationId: 1, lastLocationId: 2 },
      rows: { examined: 1, assigned: 1 },
    });
  });

  it.each(['backfill', 'undo'])(
    'of %s and fails after a signal: the exit code tells of the signal, stderr of the failure',
    async (name) => {
      if (name === 'undo')
        expect((await begin('backfill', '--journal', 'run.ndjson').ended).code).toBe(0);
      await lockRow();
      const running =
        name === 'undo' ? begin('undo', 'run.ndjson', '--verbose') : begin('backfill', '--verbose');
      const goOn = await hang(running, 'ALTER TABLE image_locations DROP COLUMN meta_data');
      running.kill('SIGTERM');
      await sleep(100);
      await goOn();
      const run = await running.ended;
      expect(run.code).toBe(143);
      expect(run.stderr).toMatch(/\n[^\n]*: image_locations in database .* is not Glance's table/);
      const report = JSON.parse(run.stdout) as { exitCode: number };
      expect(report.exitCode).toBe(143);
      const schema = name === 'undo' ? 'undo.schema.json' : 'report.schema.json';
      expect(findSchemaErrors(schema, report)).toEqual([]);
    },
  );
});

describe('when nobody reads any more', () => {
  const program = `$PROGRAM backfill ${configured.join(' ')} --report-file report.json`;
  const shell = (line: string) => runShell(line, { cwd: cloud.folder });

  it.each([
    ['stdout is closed early', `| head -c 1 > /dev/null`],
    ['stdout is closed from the start', '>&-'],
    ['stderr is closed early', '--verbose --batch-size 50 2> >(true)'],
    ['stderr is closed from the start', '--verbose --batch-size 50 2>&-'],
  ])('a run goes on to its end where %s', async (_what, pipe) => {
    const { code } = await shell(`${program} ${pipe}; exit \${PIPESTATUS[0]}`);
    expect(code).toBe(0);
    expect(JSON.parse(cloud.read('report.json'))).toMatchObject({ exitCode: 0, stoppedBy: null });
    expect(countWritten()).toBe(toWrite);
  });

  it('a run whose terminal is gone ends in good order and leaves its report', async () => {
    const release = holdLock();
    cloud.write(
      'inside.sh',
      `trap '' HUP; ${program} --verbose 2>progress.txt; echo $? >code.txt\n`,
    );
    // The terminal goes away with script, and with it the shell that leads its session.
    const session = `script --quiet --command 'bash inside.sh; true' /dev/null`;
    const ended = shell(`setsid ${session} >/dev/null & echo $! >script.pid; wait`);
    await waitUntil('it tries again', () => /trying again/.test(readIfThere('progress.txt')));
    process.kill(Number(cloud.read('script.pid')), 'SIGKILL');
    await ended;
    await waitUntil('it has ended', () => readIfThere('code.txt') !== '');
    release();
    expect(cloud.read('code.txt')).toBe('143\n');
    expect(JSON.parse(cloud.read('report.json'))).toMatchObject({
      exitCode: 143,
      stoppedBy: 'signal',
    });
    expect(countWritten()).toBe(0);
  });
});
