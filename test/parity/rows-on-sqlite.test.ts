import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LockedLocation } from '../../src/database/location-table.ts';
import { runOn } from '../support/backfill-run.ts';
import {
  type Difference,
  differingLines,
  nameDifference,
  wantedText,
} from '../support/golden-differences.ts';
import { followedLines } from '../support/golden-lines.ts';
import { configureGoldenStores } from '../support/golden-stores.ts';
import { type GoldenCase, goldenCases, type GoldenLine } from '../support/golden.ts';
import { countBy } from '../support/reading.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';

const cases = goldenCases().filter(({ zed }) => zed.lines.length > 0);

/** A golden line, its row before the run and after it, and the text that its URL gives to an empty object. */
interface LineOnDisk {
  readonly line: GoldenLine;
  readonly before: LockedLocation;
  readonly after: LockedLocation;
  readonly fill: string | null;
}

let database: GlanceDatabase;
beforeAll(async () => {
  database = await createGlanceDatabase('sqlite');
});
afterAll(() => database.drop());

/** Puts the lines of a case into the database, each twice (the second time with `{}`), and runs over it. */
async function runOverRows(golden: GoldenCase): Promise<LineOnDisk[]> {
  const lines = followedLines(golden).map(({ line }) => line);
  const rows = [...lines, ...lines.map(({ url }) => ({ url, metaData: '{}' }))];
  await database.run('BEGIN');
  await database.run('DELETE FROM image_locations');
  await seedLocations(
    database,
    rows.map(({ url, metaData }, index) => ({ id: index + 1, value: url, metaData })),
  );
  await database.run('COMMIT');
  const before = await readLocations(database);
  const table = await openTable(database.url);
  await runOn(table, { stores: configureGoldenStores(golden).stores, matching: 'glance' });
  await table.close();
  const after = await readLocations(database);
  return lines.flatMap((line, index) => {
    const [own, now] = [before[index], after[index]];
    const fill = after[lines.length + index]?.metaData ?? null;
    return own === undefined || now === undefined ? [] : [{ line, before: own, after: now, fill }];
  });
}

const differences: Difference[] = [];

describe.each(cases)('$name in a database', (golden) => {
  it('holds, row by row, what Glance writes, but for what is named', async () => {
    const rows = await runOverRows(golden);
    expect(rows.length).toBe(golden.zed.lines.length);
    for (const { line, before, after, fill } of rows) {
      const place = `${line.url} with ${String(line.metaData)}`;
      const { metaData, updatedAt, ...rest } = after;
      expect(rest, place).toEqual({ ...before, metaData: undefined, updatedAt: undefined });
      expect(updatedAt === before.updatedAt, place).toBe(metaData === before.metaData);
      if (metaData === line.metaDataAfter) continue;
      const difference = nameDifference(line);
      differences.push(difference);
      expect(metaData, `${difference}: ${place}`).toBe(wantedText(line, difference, fill));
    }
  });
});

it('the rows differ from those of Glance as often as is known', () => {
  expect(countBy(differences, (difference) => difference)).toEqual(differingLines);
});
