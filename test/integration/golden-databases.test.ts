import { beforeAll, describe, expect, it } from 'vitest';
import type { LocationTable, LockedLocation } from '../../src/database/location-table.ts';
import type { Decision } from '../../src/locations/decision.ts';
import { readMetaData } from '../../src/locations/meta-data.ts';
import { runOn, type RunOptions, type RunResult } from '../support/backfill-run.ts';
import {
  type GoldenDatabaseName,
  type GoldenRow,
  readGoldenDatabase,
} from '../support/golden-databases.ts';
import { differingRows, edit } from '../support/golden-differences.ts';
import { loadGoldenDatabase } from '../support/golden-loading.ts';
import { countBy } from '../support/reading.ts';
import { DIALECTS, type DialectName } from '../support/servers-database.ts';
import { readLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';

/** Where the corrected rule gives a row another store than Glance, one or none: rule, stores and URLs, and how often. */
const correctedRows: Readonly<Record<GoldenDatabaseName, Readonly<Record<string, number>>>> = {
  plain: {
    'path-boundary, obj by Glance, here none: s3+https://AK:se/cr+et@s3.example.com/b2/<id>': 1,
    'path-boundary, vm by Glance, here none: vsphere://vc.example.com/folder/img2/<id>': 1,
    'credentials, none by Glance, here obj: s3+https:///AK:se/cr+et@s3.example.com/b/<id>': 2,
  },
  'encrypted-nasty': {
    'path-boundary, disk by Glance, here disk2: file:///srv/glance/disk2/<id>': 67,
    'path-boundary, disk by Glance, here none: file:///srv/glance/disk22/<id>': 2,
    'path-boundary, disk by Glance, here none: file:///srv/glance/disk<id>': 1,
    'path-spelling, none by Glance, here disk2: file:////srv/glance/disk2/<id>': 1,
  },
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
  readonly again: RunResult;
  /** dry runs that have rows counted */
  readonly counted: { readonly before: RunResult; readonly after: RunResult };
}

async function tellStory(dialect: DialectName, file: string, options: RunOptions): Promise<Story> {
  const database = await loadGoldenDatabase(dialect, file);
  const readImages = () => database.run('SELECT * FROM images ORDER BY id');
  const [before, imagesBefore] = [await readLocations(database), await readImages()];
  const reading = await openTable(database.url, { readOnly: true });
  const dry = await runOn(reading, { ...options, mode: 'dry-run' });
  const countedBefore = await runCounting(reading, options);
  await reading.close();
  const afterDryRun = await readLocations(database);
  const table = await openTable(database.url);
  const run = await runOn(table, { ...options, batchSize: 37 });
  const again = await runOn(table, { ...options, mode: 'dry-run' });
  const countedAfter = await runCounting(table, options);
  await table.close();
  const [after, imagesAfter] = [await readLocations(database), await readImages()];
  await database.drop();
  const counted = { before: countedBefore, after: countedAfter };
  return { before, afterDryRun, after, imagesBefore, imagesAfter, dry, run, again, counted };
}

/** A dry run on pages so small that most rows are counted by the server. */
function runCounting(table: LocationTable, options: RunOptions): Promise<RunResult> {
  return runOn(table, { ...options, mode: 'dry-run', showAll: false, pageSize: 25 });
}

/** The store that Glance wrote; where it failed, the one decided on here. */
function storeOf({ metaDataAfter }: GoldenRow, decision: Decision | undefined): string {
  const after = readMetaData(metaDataAfter);
  if (after.kind === 'object' && after.store.kind === 'id') return after.store.id;
  return decision?.kind === 'assigned' ? decision.store : 'none';
}

/** How the corrected rule differs from Glance's on a row; undefined where it does not. */
function inWords(decision: Decision | undefined): string | undefined {
  if (decision === undefined || !('deviation' in decision)) return undefined;
  const { deviation, url } = decision;
  if (deviation === null) return undefined;
  const { rule, glanceStore, store } = deviation;
  const shape = url.replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/, '<id>');
  return `${rule}, ${glanceStore ?? 'none'} by Glance, here ${store ?? 'none'}: ${shape}`;
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
        const loaded = story.before.map((row) => ({ ...row, updatedAt: null }));
        const written = rows.map((row) => ({ ...row, updatedAt: null, metaDataAfter: undefined }));
        expect(loaded).toEqual(written);
      });

      it('stays as it is in a dry run, which counts what the run counts', () => {
        expect(story.afterDryRun).toEqual(story.before);
        expect(story.dry.rows).toEqual(story.run.rows);
        expect(story.run.rows.examined).toBe(rows.filter(isInScope).length);
      });

      it('comes to the same, also when the server counts rows', () => {
        const { dry, again, counted } = story;
        expect([counted.before.rows, counted.before.groups]).toEqual([dry.rows, dry.groups]);
        expect([counted.after.rows, counted.after.groups]).toEqual([again.rows, again.groups]);
        const counts = ({ rows, decisions }: RunResult) => rows.examined - decisions.size;
        // Encrypted values are all different.
        if (name === 'plain') expect(counts(counted.before)).toBeGreaterThan(20);
        if (name === 'plain') expect(counts(counted.after)).toBeGreaterThan(20);
      });

      it('ends row by row as Glance leaves it, but for the rows named', () => {
        const named = new Set(Object.values(differingRows[name]).flat());
        for (const row of rows) {
          const now = story.after.find(({ id }) => id === row.id);
          const wanted = named.has(row.id)
            ? edit(row.metaData, storeOf(row, story.run.decisions.get(row.id)))
            : isInScope(row)
              ? row.metaDataAfter
              : row.metaData;
          expect(now?.metaData, `location ${row.id}`).toBe(wanted);
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
      const named = new Set(Object.values(differingRows[name]).flat());
      const differing = rows.filter(isInScope).filter(({ id, metaDataAfter }) => {
        const text = after.find((location) => location.id === id)?.metaData;
        return text !== metaDataAfter;
      });
      const words = differing.flatMap(({ id }) => {
        const deviation = inWords(run.decisions.get(id));
        return deviation === undefined && named.has(id) ? [] : [deviation ?? `location ${id}`];
      });
      const corrected = countBy(words, (deviation) => deviation);
      expect(corrected).toEqual(correctedRows[name]);
    });
  });
});
