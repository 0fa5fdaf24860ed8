import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runShell, startCli, waitUntil } from '../support/cli.ts';
import { startGaleraNode } from '../support/mariadb-server.ts';
import { oneStoreConf } from '../support/file-stores.ts';
import { readReport } from '../support/reading.ts';
import type { Server } from '../support/servers-address.ts';
import {
  type AdminSession,
  createGlanceDatabase,
  type DialectName,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

/** What drives a terminal. */
const controls = new RegExp(String.raw`\x1b(\[[?\d;]*[A-Za-z]|[78])`, 'g');
const written = '{"store": "fast"}';

let database: GlanceDatabase;
let workplace: Workplace;

async function prepare(dialect: DialectName, server?: Server): Promise<void> {
  workplace = makeWorkplace();
  workplace.write('glance-api.conf', oneStoreConf);
  database = await createGlanceDatabase(dialect, server?.address);
  const ids = Array.from({ length: 60 }, (_, index) => index + 1);
  await seedLocations(
    database,
    ids.map((id) => ({ id })),
  );
}
async function cleanUp(): Promise<void> {
  await database.drop();
  workplace.remove();
}

const environment = () => ({
  OS_DATABASE__CONNECTION: database.url,
  XDG_STATE_HOME: workplace.folder,
});
const start = (...words: readonly string[]) =>
  startCli([...words, '--config-file', 'glance-api.conf', '-f', 'json'], {
    cwd: workplace.folder,
    environment: environment(),
  });
const run = (...words: readonly string[]) => start(...words).ended;
const countWritten = async () =>
  (await readLocations(database)).filter(({ metaData }) => metaData === written).length;
const hasJournal = () => existsSync(workplace.path('glance-store-backfill'));

describe('while MariaDB is busy', () => {
  let sleepers: AdminSession[];

  beforeEach(async () => {
    await prepare('mysql');
    sleepers = await Promise.all(Array.from({ length: 30 }, () => database.connect()));
    for (const sleeper of sleepers) sleeper.run('SELECT SLEEP(120)').catch(() => undefined);
  });
  afterEach(async () => {
    await calmDown();
    await cleanUp();
  });

  async function calmDown(): Promise<void> {
    const rows = await database.run(
      `SELECT id FROM information_schema.PROCESSLIST
       WHERE db = DATABASE() AND info LIKE 'SELECT SLEEP%'`,
    );
    for (const [id] of rows) await database.run(`KILL CONNECTION ${Number(id)}`);
    await Promise.all(sleepers.splice(0).map((sleeper) => sleeper.close().catch(() => undefined)));
  }

  const busy = ['backfill', '--max-load', 'Threads_running=20'];

  it('a run waits, says why, and goes on when the load is gone', async () => {
    const program = start(...busy);
    await waitUntil('a pause', () => program.stderr().includes('paused'));
    expect({ written: await countWritten(), journal: hasJournal() }).toEqual({
      written: 0,
      journal: false,
    });
    await calmDown();
    const ended = await program.ended;
    expect(ended.stderr).toMatch(
      /^paused: Threads_running \d\d > 20\ngoing on after a pause of \d+ s\n$/,
    );
    expect(readReport(ended)).toMatchObject({ exitCode: 0, stoppedBy: null });
    expect(await countWritten()).toBe(60);
  });

  it('a dry run waits, too, since reading is load', async () => {
    const program = start(...busy, '--dry-run');
    await waitUntil('a pause', () => program.stderr().includes('paused'));
    await calmDown();
    expect(readReport(await program.ended).rows.assigned).toBe(60);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the wait', async (signal, code) => {
    const program = start(...busy);
    await waitUntil('a pause', () => program.stderr().includes('paused'));
    program.kill(signal);
    const ended = await program.ended;
    expect(ended.code).toBe(code);
    expect(readReport(ended).stoppedBy).toBe('signal');
    expect(await countWritten()).toBe(0);
  });

  it('--quiet says nothing of it', async () => {
    const program = start(...busy, '--quiet');
    await sleep(2_000);
    expect(await countWritten()).toBe(0);
    await calmDown();
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('the bar shows the reason on a terminal', async () => {
    const inside =
      'stty cols 80 rows 24; $PROGRAM backfill --config-file glance-api.conf --max-load Threads_running=20';
    const ending = runShell(`script --quiet --return --command '${inside}' /dev/null`, {
      cwd: workplace.folder,
      environment: { ...environment(), TERM: 'xterm-256color' },
    });
    await sleep(2_000);
    await calmDown();
    const { code, stdout } = await ending;
    expect(code).toBe(0);
    const [bar = '', result = ''] = stdout.split('\x1b[1mBackfill');
    const states = bar.split('\x1b[1G').map((state) => state.replaceAll(controls, ''));
    const paused = states.filter((state) => state.includes('paused'));
    // What comes after the 80th column the terminal cuts.
    expect(paused[0]?.slice(0, 80)).toMatch(/^░+ 0 % {2}paused: Threads_running \d\d > 20; /);
    expect(states.at(-1)).not.toContain('paused');
    expect(result).not.toContain('paused');
  });

  it('a limit that is not reached lets the run go on', async () => {
    const ended = await run('backfill', '--max-load', 'Threads_running=10000');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('the rate', () => {
  beforeEach(() => prepare('sqlite'));
  afterEach(cleanUp);

  it('of rows written is kept, whatever the size of a batch', async () => {
    const report = readReport(await run('backfill', '--max-rate', '40', '--batch-size', '1000'));
    // 60 rows at 40 a second, and whatever the machine takes besides.
    expect(report.seconds).toBeGreaterThanOrEqual(1.5);
    expect(report.seconds).toBeLessThan(5);
    expect(report.rows.assigned).toBe(60);
  });

  it('does not hold a dry run back', async () => {
    const report = readReport(await run('backfill', '--max-rate', '1', '--dry-run'));
    expect(report.seconds).toBeLessThan(5);
    expect(report.rows.assigned).toBe(60);
  });
});

describe('a limit that cannot be', () => {
  afterEach(cleanUp);

  it.each([
    ['Threads_running', 'Write NAME=NUMBER, such as Threads_running=25.'],
    ['Threads_running=many', 'Write NAME=NUMBER, such as Threads_running=25.'],
    ['=25', 'Write NAME=NUMBER, such as Threads_running=25.'],
    ["Threads'=1", 'Write NAME=NUMBER, such as Threads_running=25.'],
  ])('%s is refused', async (text, remedy) => {
    await prepare('sqlite');
    const { code, stdout, stderr } = await run('backfill', '--max-load', text);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(remedy);
  });

  it.each([
    ['postgresql', 'PostgreSQL'],
    ['sqlite', 'SQLite'],
  ] as const)('is any on %s', async (dialect, name) => {
    await prepare(dialect);
    expect(await run('backfill', '--max-load', 'Threads_running=25')).toEqual({
      code: 2,
      stdout: '',
      stderr: `--max-load goes with MariaDB and MySQL only: ${name} has no SHOW GLOBAL STATUS; --max-rate works everywhere\n`,
    });
    expect(await countWritten()).toBe(0);
  });

  it('is one on a variable that the server does not have', async () => {
    await prepare('mysql');
    const limits = ['Threads_running=9999', 'Thread_running=9999', 'Rsa_public_key=1'];
    const ended = await run('backfill', ...limits.flatMap((limit) => ['--max-load', limit]));
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(
      /^--max-load: MariaDB [\d.]+ has no status variable Thread_running, Rsa_public_key that is a number; SHOW GLOBAL STATUS lists them all\n$/,
    );
    expect({ written: await countWritten(), journal: hasJournal() }).toEqual({
      written: 0,
      journal: false,
    });
  });
});

describe('on a Galera node that is out of step', () => {
  let server: Server;

  beforeAll(async () => {
    server = await startGaleraNode();
    await prepare('mysql', server);
  });
  afterAll(async () => {
    await cleanUp();
    await server.stop();
  });

  const desync = (value: 'ON' | 'OFF') => database.run(`SET GLOBAL wsrep_desync = ${value}`);

  it('a dry run goes on; backfill and undo wait until it is synced again', async () => {
    await desync('ON');
    expect(readReport(await run('backfill', '--dry-run')).rows.assigned).toBe(60);
    const backfill = start('backfill');
    await waitUntil('a pause', () => backfill.stderr().includes('paused'));
    expect(await countWritten()).toBe(0);
    await desync('OFF');
    const ended = await backfill.ended;
    const pause = 'paused: the Galera node is not synced (Donor/Desynced)\n';
    expect(ended.stderr.startsWith(pause)).toBe(true);
    const { journal } = readReport(ended);
    expect(await countWritten()).toBe(60);

    await desync('ON');
    const undo = start('undo', journal ?? '');
    await waitUntil('a pause', () => undo.stderr().includes('paused'));
    expect(await countWritten()).toBe(60);
    await desync('OFF');
    expect((await undo.ended).code).toBe(0);
    expect(await countWritten()).toBe(0);
  });
});
