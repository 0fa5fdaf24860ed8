import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocationTable } from '../../src/database/location-table.ts';
import { startCli } from '../support/cli.ts';
import { oneStoreConf } from '../support/file-stores.ts';
import { readReport } from '../support/reading.ts';
import {
  type AdminSession,
  createGlanceDatabase,
  type DialectName,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

const written = '{"store": "fast"}';

let database: GlanceDatabase;
let workplace: Workplace;

async function prepare(dialect: DialectName): Promise<void> {
  workplace = makeWorkplace();
  workplace.write('glance-api.conf', oneStoreConf);
  database = await createGlanceDatabase(dialect);
  await seedLocations(database, [{ id: 1 }, { id: 2 }]);
}
afterEach(async () => {
  await database.drop();
  workplace.remove();
});

const options = () => ({
  cwd: workplace.folder,
  environment: { OS_DATABASE__CONNECTION: database.url, XDG_STATE_HOME: workplace.folder },
});
const start = (...words: readonly string[]) =>
  startCli([...words, '--config-file', 'glance-api.conf', '-f', 'json'], options());
const run = (...words: readonly string[]) => start(...words).ended;
const texts = async () => (await readLocations(database)).map(({ metaData }) => metaData);
const stateFolder = () => workplace.path('glance-store-backfill');

describe.each(['mysql', 'postgresql'] as const)(
  'while another run has the lock on %s',
  (dialect) => {
    let other: LocationTable;

    beforeEach(async () => {
      await prepare(dialect);
      other = await openTable(database.url);
      expect(await other.lock()).toEqual({ kind: 'taken' });
    });
    afterEach(() => other.close());

    it('backfill ends at once, says who has it, and leaves nothing behind', async () => {
      const { code, stdout, stderr } = await run('backfill', '--quiet');
      expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
      expect(stderr).toMatch(
        new RegExp(
          `^another backfill or undo is at work on database ${database.name} ` +
            String.raw`\(connection \d+ of the server, from 127\.0\.0\.1(:\d+)?, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC or before\); ` +
            'nothing was written: wait until it has ended, then run this again\n$',
        ),
      );
      expect(existsSync(stateFolder())).toBe(false);
      expect(await texts()).toEqual(['{}', '{}']);
    });

    it('undo does so, too', async () => {
      await other.close();
      const { journal } = readReport(await run('backfill'));
      other = await openTable(database.url);
      await other.lock();
      const { code, stdout, stderr } = await run('undo', journal ?? '');
      expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
      expect(stderr).toMatch(/^another backfill or undo is at work/);
      expect(readdirSync(stateFolder())).toHaveLength(1);
      expect(await texts()).toEqual([written, written]);
      expect((await run('undo', journal ?? '', '--dry-run')).code).toBe(0);
    });

    it('a dry run goes on', async () => {
      const report = readReport(await run('backfill', '--dry-run'));
      expect(report).toMatchObject({ exitCode: 0, rows: { assigned: 2 } });
    });
  },
);

describe.each(['mysql', 'postgresql'] as const)('a run on %s', (dialect) => {
  let admin: AdminSession;
  beforeEach(async () => {
    await prepare(dialect);
    admin = await database.connect();
  });
  afterEach(() => admin.close());

  it('frees the lock at its end', async () => {
    for (let turn = 1; turn <= 2; turn++) {
      expect(await run('backfill')).toMatchObject({ code: 0, stderr: '' });
    }
    expect(await texts()).toEqual([written, written]);
  });

  it('has the lock while it writes, and loses it when it is killed', async () => {
    await admin.run('BEGIN');
    await admin.run('SELECT id FROM image_locations WHERE id = 2 FOR UPDATE');
    const first = start('backfill', '--journal', 'first.ndjson');
    while (!existsSync(workplace.path('first.ndjson'))) await sleep(10);
    expect((await run('backfill')).code).toBe(75);
    first.kill('SIGKILL');
    expect((await first.ended).code).toBeNull();
    await admin.run('ROLLBACK');
    expect(await endsWith(0)).toMatchObject({ stderr: '' });
    expect(await texts()).toEqual([written, written]);
  });

  /** The server hears of the death of a client a moment later. */
  async function endsWith(code: number) {
    for (let tried = 1; ; tried++) {
      const ended = await run('backfill');
      if (ended.code === code || tried === 20) return ended;
    }
  }
});

it('a run that is refused the lock warns once, and writes', async () => {
  await prepare('postgresql');
  await database.run('REVOKE EXECUTE ON FUNCTION pg_try_advisory_xact_lock(int, int) FROM PUBLIC');
  expect(await run('backfill')).toMatchObject({
    code: 0,
    stderr:
      'warning: the server refuses the lock that keeps a second run away: permission denied for function ' +
      'pg_try_advisory_xact_lock; the run goes on: two at a time do no harm, they only hold each other up\n',
  });
  expect(await texts()).toEqual([written, written]);
});

it('two runs at a time on one SQLite file write each row once', async () => {
  await prepare('sqlite');
  await database.run('PRAGMA busy_timeout = 5000');
  await seedLocations(
    database,
    Array.from({ length: 500 }, (_, index) => ({ id: index + 3 })),
  );
  const runs = ['one', 'two'].map((name) =>
    run('backfill', '--batch-size', '20', '--journal', `${name}.ndjson`, '--quiet'),
  );
  const reports = (await Promise.all(runs)).map(readReport);
  const sum = (outcome: 'assigned' | 'current') =>
    reports.reduce((total, { rows }) => total + rows[outcome], 0);
  expect({ assigned: sum('assigned'), current: sum('current') }).toEqual({
    assigned: 502,
    current: 502,
  });
  expect(new Set(await texts())).toEqual(new Set([written]));
});
