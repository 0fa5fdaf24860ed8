import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UndoReport } from '../../src/report/undo-report.ts';
import { runCli, startCli } from '../support/cli.ts';
import { oneStoreConf } from '../support/file-stores.ts';
import { readReport } from '../support/reading.ts';
import {
  createGlanceDatabase,
  DIALECTS,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

const rows = 4_000;

/** What the rows hold before the run, in turn. */
const texts = [null, '', '{}', '{"a": 1}', '{"store": "gone"}'];

describe.each(DIALECTS)('a run on %s that is killed', (dialect) => {
  let database: GlanceDatabase;
  let workplace: Workplace;

  beforeAll(async () => {
    workplace = makeWorkplace();
    workplace.write('glance-api.conf', oneStoreConf);
    database = await createGlanceDatabase(dialect);
    if (dialect === 'sqlite') await database.run('PRAGMA busy_timeout = 5000');
    await database.run('BEGIN');
    const ids = Array.from({ length: rows }, (_, index) => index + 1);
    await seedLocations(
      database,
      ids.map((id) => ({ id, metaData: texts[id % texts.length] ?? null })),
    );
    await database.run('COMMIT');
  });
  afterAll(async () => {
    await database.drop();
    workplace.remove();
  });

  const options = () => ({
    cwd: workplace.folder,
    environment: { OS_DATABASE__CONNECTION: database.url, XDG_STATE_HOME: workplace.folder },
  });
  const command = (...words: readonly string[]) => [
    ...words,
    ...['--config-file', 'glance-api.conf', '-f', 'json', '--quiet'],
  ];
  const readTexts = async () => (await readLocations(database)).map(({ metaData }) => metaData);
  const countWritten = async () => {
    const sql = `SELECT COUNT(*) FROM image_locations WHERE meta_data LIKE '%fast%'`;
    return Number((await database.run(sql))[0]?.[0]);
  };

  /** Kills a run once so many rows are written, and tells its journal. */
  async function killAfter(count: number): Promise<string> {
    const known = new Set(journals());
    const program = startCli(command('backfill', '--batch-size', '7'), options());
    try {
      while ((await countWritten()) < count) await sleep(5);
    } finally {
      program.kill('SIGKILL');
    }
    expect((await program.ended).code).toBeNull();
    return journals().find((path) => !known.has(path)) ?? 'no journal';
  }
  const journals = () => {
    const folder = workplace.path('glance-store-backfill');
    return readdirSync(workplace.folder).includes('glance-store-backfill')
      ? readdirSync(folder).map((name) => `${folder}/${name}`)
      : [];
  };

  it.each([1, 2, 3])('leaves a journal that undoes all it wrote, moment %i', async () => {
    const before = await readTexts();
    const journal = await killAfter(1 + Math.floor(Math.random() * (rows / 2)));
    const undo = await runCli(command('undo', journal), options());
    expect(undo).toMatchObject({ code: 0, stderr: '' });
    const { leftAlone } = JSON.parse(undo.stdout) as UndoReport;
    // Batches that the run had planned and not yet committed.
    for (const { reason } of leftAlone) expect(reason).toBe('not written, or put back already');
    expect(await readTexts()).toEqual(before);
  });

  it('is finished by the next run', async () => {
    await killAfter(rows / 4);
    const report = readReport(await runCli(command('backfill'), options()));
    const { current, assigned, replaced } = report.rows;
    expect(current).toBeGreaterThanOrEqual(rows / 4);
    expect(current + assigned + replaced).toBe(rows);
    expect(await countWritten()).toBe(rows);
  });
});
