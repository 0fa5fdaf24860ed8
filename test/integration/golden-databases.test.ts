import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LockedLocation } from '../../src/database/location-table.ts';
import { runOn, type RunOptions, type RunResult } from '../support/backfill-run.ts';
import {
  type GoldenDatabaseName,
  type GoldenRow,
  readGoldenDatabase,
} from '../support/golden-databases.ts';
import { differingRows, edit } from '../support/golden-differences.ts';
import { loadGoldenDatabase } from '../support/golden-loading.ts';
import { DIALECTS, type DialectName } from '../support/servers-database.ts';
import { readLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';

/** Rows to which the corrected rule gives another store than Glance, or one where Glance gives none; by the rule mended. */
const correctedRows: Readonly<Record<GoldenDatabaseName, Record<string, readonly number[]>>> = {
  plain: {},
  'encrypted-nasty': {},
};

/** A golden database before, after a dry run and after a run. */
interface Story {
  readonly before: readonly LockedLocation[];
  readonly afterDryRun: readonly LockedLocation[];
  readonly after: readonly LockedLocation[];
  readonly imagesBefore: unknown;
  readonly imagesAfter: unknown;
  readonly dry: RunResult;
  readonly run: RunResult;
}

async function tellStory(dialect: DialectName, file: string, options: RunOptions): Promise<Story> {
  const database = await loadGoldenDatabase(dialect, file);
  const readImages = () => database.run('SELECT * FROM images ORDER BY id');
  const [before, imagesBefore] = [await readLocations(database), await readImages()];
  const reading = await openTable(database.url, { readOnly: true });
  const dry = await runOn(reading, { ...options, mode: 'dry-run' });
  await reading.close();
  const afterDryRun = await readLocations(database);
  const table = await openTable(database.url);
  const run = await runOn(table, { ...options, batchSize: 37 });
  await table.close();
  const [after, imagesAfter] = [await readLocations(database), await readImages()];
  await database.drop();
  return { before, afterDryRun, after, imagesBefore, imagesAfter, dry, run };
}

const isInScope = ({ deleted, status }: GoldenRow) => !deleted && status === 'active';

describe.each(DIALECTS)('on %s', (dialect) => {
  describe.each(['plain', 'encrypted-nasty'] as const)('the golden database %s', (name) => {
    const { stores, encryptionKey, rows, file } = readGoldenDatabase(name);

    describe('by the rule of Glance', () => {
      let story: Story;
      beforeAll(async () => {
        story = await tellStory(dialect, file, { stores, encryptionKey, matching: 'glance' });
      });

      it('is loaded as it is', () => {
        const loaded = story.before.map(({ updatedAt: _, ...row }) => row);
        expect(loaded).toEqual(rows.map(({ metaDataAfter: _, ...row }) => row));
      });

      it('stays as it is in a dry run, which counts what the run counts', () => {
        expect(story.afterDryRun).toEqual(story.before);
        expect(story.dry.rows).toEqual(story.run.rows);
        expect(story.run.rows.examined).toBe(rows.filter(isInScope).length);
      });

      it('ends row by row as Glance leaves it, but for the rows named', () => {
        const named = new Set(Object.values(differingRows[name]).flat());
        for (const { id, metaData, metaDataAfter, ...row } of rows) {
          const now = story.after.find((location) => location.id === id);
          const decision = story.run.decisions.get(id);
          const wanted = !isInScope({ id, metaData, metaDataAfter, ...row })
            ? metaData
            : named.has(id) && decision?.kind === 'assigned'
              ? edit(metaData, decision.store)
              : metaDataAfter;
          expect(now?.metaData, `location ${id}`).toBe(wanted);
        }
      });

      it('keeps every other column, and updated_at of every row that is not written', () => {
        for (const [index, row] of story.before.entries()) {
          const now = story.after[index];
          const { metaData, updatedAt } = now ?? row;
          expect(now).toEqual({ ...row, metaData, updatedAt });
          expect(updatedAt === row.updatedAt, `location ${row.id}`).toBe(metaData === row.metaData);
        }
      });

      it('keeps its images', () => {
        expect(story.imagesAfter).toEqual(story.imagesBefore);
      });
    });

    it('gets no other store by the corrected rule than Glance gives, but for the rows named', async () => {
      const { after, run } = await tellStory(dialect, file, { stores, encryptionKey });
      const corrected: Record<string, number[]> = {};
      const skipped = new Set(Object.values(differingRows[name]).flat());
      for (const { id, metaDataAfter } of rows.filter((row) => isInScope(row))) {
        const text = after.find((location) => location.id === id)?.metaData;
        if (text === metaDataAfter || skipped.has(id)) continue;
        const decision = run.decisions.get(id);
        const deviation =
          decision !== undefined && 'deviation' in decision ? decision.deviation : null;
        (corrected[deviation?.rule ?? 'no rule'] ??= []).push(id);
      }
      expect(corrected).toEqual(correctedRows[name]);
    });
  });
});
