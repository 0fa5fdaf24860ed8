import Database from 'libsql';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CliRun, runShell, type RunningCli, startCli, waitUntil } from '../support/cli.ts';
import { readReport } from '../support/reading.ts';
import { makeSampleCloud } from '../support/sample-cloud.ts';
import { readRows } from '../support/sqlite-file.ts';

/** What drives a terminal begins with it. */
const escape = '\x1b';
const colours = new RegExp(String.raw`${escape}\[[\d;]*m`, 'g');
const controls = new RegExp(String.raw`${escape}(\[[?\d;]*[A-Za-z]|[78])`, 'g');

const cloud = makeSampleCloud();
beforeAll(() => {
  const database = new Database(cloud.databaseFile);
  database
    .prepare('UPDATE image_locations SET value = ? WHERE value = ?')
    .run('file:///srv/\x1b[31mred\x07/image', oneUnmatchedUrl());
  database.close();
});
afterAll(() => {
  cloud.remove();
});

/** A URL that is shown, since no store matches it. */
const oneUnmatchedUrl = () =>
  readRows(
    cloud.databaseFile,
    `SELECT min(value) AS url FROM image_locations WHERE deleted = 0 AND value LIKE 'file:///srv/%'`,
  )[0]?.['url'];

const configured = '--config-file glance-api.conf.example';
const dryRun = `backfill --dry-run ${configured}`;

/** Runs a command line in bash, in the sample's folder. */
const shell = (commandLine: string, environment: Readonly<Record<string, string>> = {}) =>
  runShell(commandLine, { cwd: cloud.folder, environment });

describe('in a pipe', () => {
  it.each([
    ['that takes one line', '| head -1', 'Dry run: nothing was written.\n'],
    ['that takes nothing', '| true', ''],
    ['that is not there at all', '>&-', ''],
  ])('%s it ends without a complaint', async (_which, pipe, stdout) => {
    const run = await shell(`$PROGRAM ${dryRun} ${pipe}; exit \${PIPESTATUS[0]}`);
    expect(run).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('to a reader of JSON it writes JSON, even where it has much to say besides', async () => {
    const reader = `"${process.execPath}" -p 'JSON.parse(fs.readFileSync(0)).rows.examined'`;
    const run = await shell(`$PROGRAM ${dryRun} -f json --verbose | ${reader}`);
    expect(run).toMatchObject({ code: 0, stdout: '3265\n' });
    expect(run.stderr).toMatch(/^configuration: /);
  });

  it.each([
    ['stores', {}],
    ['backfill --dry-run', {}],
    ['backfill --dry-run', { FORCE_COLOR: '1', TERM: 'xterm-256color' }],
  ])('%s writes neither colours nor a bar', async (command, environment) => {
    const { stdout, stderr } = await shell(`$PROGRAM ${command} ${configured}`, environment);
    expect(stdout + stderr).not.toContain(escape);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^(Enabled stores|Dry run)/);
    if (command !== 'stores') expect(stdout).toContain('\\u001b[31mred\\u0007');
  });
});

/** Runs the program on a pseudo terminal of 80 columns; what it writes to stdout and stderr comes together. */
async function onTerminal(command: string, environment: Readonly<Record<string, string>> = {}) {
  const inside = `stty cols 80 rows 24; $PROGRAM ${command} ${configured}`;
  const run: CliRun = await shell(`script --quiet --return --command '${inside}' /dev/null`, {
    TERM: 'xterm-256color',
    ...environment,
  });
  return { code: run.code, screen: run.stdout.replaceAll('\r\n', '\n') };
}

describe('on a terminal', () => {
  it('the result has colours', async () => {
    const { code, screen } = await onTerminal('backfill --dry-run');
    expect(code).toBe(0);
    expect(screen).toContain('\x1b[1mDry run: nothing was written.\x1b[22m\n');
    expect(screen.replaceAll(colours, '')).not.toBe(screen);
  });

  it('the table says the same as in a pipe', async () => {
    const { screen } = await onTerminal('stores');
    const { stdout } = await shell(`$PROGRAM stores ${configured}`);
    expect(screen.replaceAll(controls, '')).toBe(stdout);
  });

  it.each(['stores', 'backfill --dry-run', 'backfill --dry-run --matching glance'])(
    '%s fits in 80 columns, but for words that are longer',
    async (command) => {
      const { screen } = await onTerminal(
        `${command} --progress none`.replace(/^(stores) .*/, '$1'),
      );
      for (const line of screen.replaceAll(controls, '').split('\n')) {
        // Goes to stderr, where a line is a message.
        if (line.startsWith('warning: ')) continue;
        const isOneWord = !line
          .trim()
          .replace(/^\d+ +/, '')
          .includes(' ');
        if (!isOneWord) expect(line.length, line).toBeLessThanOrEqual(80);
      }
    },
  );

  it('a bar shows the progress and is gone in the end', async () => {
    const { screen } = await onTerminal('backfill --dry-run');
    const [bar = '', result = ''] = screen.split('\x1b[1mDry run');
    expect(bar).toMatch(/[░█]+ 0 %/);
    expect(bar.endsWith('\x1b[2K')).toBe(true);
    expect(bar).toContain('\x1b[?25h');
    for (const state of bar.split('\x1b[1G')) {
      expect(state.replaceAll(controls, '').length).toBeLessThanOrEqual(80);
    }
    expect(result).not.toMatch(/[░█]/);
  });

  it('a warning is not run over by the bar', async () => {
    const { screen } = await onTerminal(`backfill --dry-run --map file:///srv/nothing=archive`);
    const wrapping = screen.slice(0, screen.indexOf('warning: no location lies below'));
    expect(wrapping).toMatch(/[░█]+ 0 %/);
    // The bar is gone, and lines are wrapped again.
    expect(wrapping.endsWith('\x1b[2K')).toBe(true);
    expect(wrapping.lastIndexOf('\x1b[?7h')).toBeGreaterThan(wrapping.lastIndexOf('\x1b[?7l'));
  });

  it.each([
    ['--progress none', '\x1b[1mDry run'],
    ['--quiet', 'database '],
  ])('%s leaves the bar out', async (option, start) => {
    const { screen } = await onTerminal(`backfill --dry-run ${option}`);
    expect(screen.startsWith(start)).toBe(true);
    expect(screen).not.toMatch(/[░█]/);
  });

  it('NO_COLOR takes the colours out of the result', async () => {
    const { screen } = await onTerminal('backfill --dry-run', { NO_COLOR: '1' });
    expect(screen).toContain('Dry run: nothing was written.\n');
    expect(screen.match(colours)).toBeNull();
  });
});

describe('a signal in mid-run', () => {
  const large = makeSampleCloud();
  const rows = 100_000;

  beforeAll(() => {
    const database = new Database(large.databaseFile);
    database.exec(`
      DELETE FROM image_locations;
      INSERT INTO image_locations (image_id, value, meta_data, status, created_at, deleted)
      WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows})
      SELECT (SELECT min(id) FROM images), 'file:///var/lib/glance/images/' || n, '{}', 'active',
        '2024-01-01 00:00:00.000000', 0 FROM numbers`);
    database.close();
  });
  afterAll(() => {
    large.remove();
  });

  /** Rows that have a store, `most` at most. */
  const countWritten = (most = rows) =>
    readRows(
      large.databaseFile,
      `SELECT id FROM image_locations WHERE meta_data <> '{}' LIMIT ${most}`,
    ).length;
  let program: RunningCli | undefined;
  const start = (...options: readonly string[]): RunningCli => {
    const arguments_ = ['--config-file', 'glance-api.conf.example', '-f', 'json', ...options];
    program = startCli(['backfill', ...arguments_], { cwd: large.folder });
    return program;
  };
  afterEach(async () => {
    program?.kill('SIGKILL');
    await program?.ended;
  });

  it.each([
    ['SIGINT', 130, ['--batch-size', '1']],
    ['SIGTERM', 143, ['--batch-size', '3', '--writers', '3']],
  ] as const)('%s ends it in good order with %i', async (signal, code, options) => {
    const before = countWritten();
    const running = start(...options);
    const some = before + 20;
    await waitUntil('rows are written', () => countWritten(some) === some);
    running.kill(signal);
    const run = await running.ended;
    const report = readReport(run);
    expect(run).toMatchObject({ code, stderr: '' });
    expect(report).toMatchObject({ stoppedBy: 'signal', exitCode: code });
    expect(report.rows.assigned).toBe(countWritten() - before);
    expect(report.rows.examined).toBeLessThan(rows);
    expect(countWritten()).toBeLessThan(rows);
  });

  it('leaves what the next run finishes', async () => {
    const before = countWritten();
    const report = readReport(await start().ended);
    expect(report.rows).toMatchObject({ examined: rows, current: before, assigned: rows - before });
    expect(countWritten()).toBe(rows);
  });
});
