import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LockedLocation } from '../../src/database/location-table.ts';
import { type CliRun, runCli, runShell } from '../support/cli.ts';
import { oneStoreConf } from '../support/file-stores.ts';
import { readReport } from '../support/reading.ts';
import { readClaims } from '../support/run-evidence.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

const rows = 600;
const command = '--config-file glance-api.conf -f json';

/** A limit to the size of files fails writes as a full disk does: what fits is written, the rest is refused. */
describe.each(['mysql', 'postgresql'] as const)('a journal on a full disk, on %s', (dialect) => {
  let database: GlanceDatabase;
  let workplace: Workplace;
  let before: readonly LockedLocation[];

  beforeAll(async () => {
    workplace = makeWorkplace();
    workplace.write('glance-api.conf', oneStoreConf);
    database = await createGlanceDatabase(dialect);
    await database.run('BEGIN');
    const ids = Array.from({ length: rows }, (_, index) => index + 1);
    await seedLocations(
      database,
      ids.map((id) => ({ id, metaData: `{"a": ${id}}` })),
    );
    await database.run('COMMIT');
    before = await readLocations(database);
  });
  afterAll(async () => {
    await database.drop();
    workplace.remove();
  });

  const options = () => ({
    cwd: workplace.folder,
    environment: { OS_DATABASE__CONNECTION: database.url },
  });
  const changedIds = async () =>
    (await readLocations(database))
      .filter(({ metaData }, index) => metaData !== before[index]?.metaData)
      .map(({ id }) => id);

  /** Backfills while no file may grow larger than so many KiB. */
  async function backfillWithin(kib: number, journal: string): Promise<CliRun> {
    return runShell(
      `ulimit -f ${kib}; exec $PROGRAM backfill ${command} --batch-size 5 --journal ${journal}`,
      options(),
    );
  }

  it('from the beginning: nothing is written', async () => {
    const { code, stderr } = await backfillWithin(0, 'refused.ndjson');
    expect(code).toBe(1);
    expect(stderr).toBe('journal refused.ndjson cannot be written: file too large (EFBIG)\n');
    expect(await readLocations(database)).toEqual(before);
    expect(existsSync(workplace.path('refused.ndjson'))).toBe(false);
  });

  it('in mid-run: the run stops, and journal, report and table tell the same', async () => {
    const run = await backfillWithin(8, 'cut.ndjson');
    const report = readReport(run);
    expect(run.code).toBe(1);
    expect(run.stderr).toBe(
      'journal cut.ndjson cannot be written: file too large (EFBIG)\n' +
        'what the run wrote is in its journal, cut.ndjson\n',
    );

    const changed = await changedIds();
    expect(changed.length).toBeGreaterThan(20);
    expect(changed.length).toBeLessThan(rows);
    expect(report).toMatchObject({ exitCode: 1, stoppedBy: 'error' });
    expect(report.rows.assigned).toBe(changed.length);

    const claims = await readClaims(workplace.path('cut.ndjson'));
    const written = claims.filter(({ outcome }) => outcome === 'written').map(({ id }) => id);
    const claimed = new Set(claims.map(({ id }) => id));
    expect(changed.filter((id) => !claimed.has(id))).toEqual([]);
    expect(written.filter((id) => !changed.includes(id))).toEqual([]);

    const undo = await runCli(['undo', 'cut.ndjson', ...command.split(' ')], options());
    expect(undo.code).toBe(0);
    expect(await changedIds()).toEqual([]);
  });
});
