import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LockedLocation } from '../../src/database/location-table.ts';
import { type CliRun, runCli } from '../support/cli.ts';
import { fast, oneStoreConf } from '../support/file-stores.ts';
import { readReport } from '../support/reading.ts';
import { readClaims } from '../support/run-evidence.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { type FaultProxy, startFaultProxy } from '../support/servers-fault-proxy.ts';
import { fillLocations, readLocations } from '../support/servers-locations.ts';
import { type SmallDisk, startSmallDisk } from '../support/small-disk.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

const rows = 2_000;

describe.each([
  ['mysql', `The table 'image_locations' is full`],
  ['postgresql', 'could not extend file "[^"]+": wrote only 4096 of 8192 bytes at block \\d+'],
] as const)('a disk of %s that is full in mid-run', (dialect, said) => {
  let disk: SmallDisk;
  let database: GlanceDatabase;
  let workplace: Workplace;
  let proxy: FaultProxy;
  let before: readonly LockedLocation[];
  let run: CliRun;

  beforeAll(async () => {
    workplace = makeWorkplace();
    workplace.write('glance-api.conf', oneStoreConf);
    disk = await startSmallDisk[dialect]();
    const { address } = disk.server;
    database = await createGlanceDatabase(dialect, address);
    await fillLocations(database, rows);
    await disk.prepare(database);
    before = await readLocations(database);
    proxy = await startFaultProxy(address.port);
    const meanwhile = () => disk.fill(database);
    proxy.arm({ fault: 'held for a moment', at: 'update', nth: 4, meanwhile });
    const options = [
      '--batch-size',
      '100',
      '--writers',
      '1',
      '--journal',
      'cut.ndjson',
      '--verbose',
    ];
    run = await command('backfill', ...options);
  });
  afterAll(async () => {
    await proxy.close();
    await disk.server.stop();
    workplace.remove();
  });

  function command(...words: readonly string[]): Promise<CliRun> {
    const plain = dialect === 'postgresql' ? '?sslmode=disable' : '';
    const url = database.url.replace(/:\d+\//, `:${proxy.port}/`) + plain;
    return runCli([...words, '--config-file', 'glance-api.conf', '-f', 'json'], {
      cwd: workplace.folder,
      environment: { OS_DATABASE__CONNECTION: url },
    });
  }
  const changedIds = async () =>
    (await readLocations(database))
      .filter(({ metaData }, index) => metaData !== before[index]?.metaData)
      .map(({ id }) => id);

  it('ends the run at once, which says so', () => {
    expect(proxy.struck()).toBe(1);
    expect(run.code).toBe(1);
    expect(run.stderr).not.toContain('trying again');
    expect(run.stderr).toMatch(
      new RegExp(
        `\n127\\.0\\.0\\.1:${proxy.port}: the database has no room left: ${said};` +
          ' free some, then run this again\n' +
          'what the run wrote is in its journal, cut\\.ndjson\n$',
      ),
    );
  });

  it('takes nothing that was written: report, journal and table tell the same', async () => {
    const changed = await changedIds();
    const report = readReport(run);
    expect(report).toMatchObject({ exitCode: 1, stoppedBy: 'error' });
    expect(report.rows.assigned).toBe(changed.length);
    expect(changed.length).toBeGreaterThanOrEqual(100);
    expect(changed.length).toBeLessThan(rows);
    const claims = await readClaims(workplace.path('cut.ndjson'));
    expect(claims.map(({ id }) => id).sort((a, b) => a - b)).toEqual(changed);
    expect(new Set(claims.map(({ outcome }) => outcome))).toEqual(new Set(['written']));
  });

  it('lets the next run finish once there is room again', async () => {
    const written = (await changedIds()).length;
    await disk.free(database);
    const next = await command('backfill', '--journal', 'next.ndjson');
    expect(next).toMatchObject({ code: 0, stderr: '' });
    expect(readReport(next).rows).toMatchObject({ current: written, assigned: rows - written });
    const texts = (await readLocations(database)).map(({ metaData }) => metaData);
    expect(texts).toEqual(before.map(() => fast));
    for (const journal of ['next.ndjson', 'cut.ndjson']) {
      expect(await command('undo', journal)).toMatchObject({ code: 0, stderr: '' });
    }
    expect(await changedIds()).toEqual([]);
  });
});
