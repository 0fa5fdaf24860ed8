import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocationTable } from '../../src/database/location-table.ts';
import { isRewrite } from '../../src/locations/decision.ts';
import { writingThrough } from '../support/batch-tables.ts';
import { runOn, type RunResult } from '../support/backfill-run.ts';
import { readGoldenDatabase } from '../support/golden-databases.ts';
import { edit } from '../support/golden-differences.ts';
import { loadGoldenDatabase } from '../support/golden-loading.ts';
import { DIALECTS, type GlanceDatabase } from '../support/servers-database.ts';
import { readLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';

const { stores, rows, file } = readGoldenDatabase('plain');

/** When Glance does something to a row, as seen from the page or the batch that the row is in. */
type Moment =
  'before the count' | 'after the count' | 'deleted after the count' | 'before the write';

/** What Glance saved into a row; nothing where it deleted it. */
interface Touch {
  readonly moment: Moment;
  readonly text: string | null;
}

describe.each(DIALECTS)('on %s a run that has rows counted', (dialect) => {
  let database: GlanceDatabase;
  let table: LocationTable;
  /** on rows without a label */
  let first: RunResult;
  /** of the rows that have lost it again, while Glance writes; rows are counted */
  let run: RunResult;
  let again: RunResult;
  let before: ReadonlyMap<number, string | null>;
  let after: ReadonlyMap<number, string | null>;
  const touched = new Map<number, Touch>();
  let touching = Promise.resolve();

  beforeAll(async () => {
    database = await loadGoldenDatabase(dialect, file);
    if (dialect === 'sqlite') await database.run('PRAGMA busy_timeout = 5000');
    table = await openTable(database.url);
    first = await runOn(table, { stores });
    for (const [index, { id, metaData }] of rows.entries()) {
      if (index % 9 === 0 && storeOf(id) !== undefined) await save(id, metaData);
    }
    before = await readTexts();
    run = await runOn(besideGlance(), { stores, showAll: false, pageSize: 25, batchSize: 5 });
    after = await readTexts();
    again = await runOn(table, { stores, mode: 'dry-run' });
  });
  afterAll(async () => {
    await table.close();
    await database.drop();
  });

  const readTexts = async () =>
    new Map((await readLocations(database)).map(({ id, metaData }) => [id, metaData]));
  const save = (id: number, text: string | null) =>
    database.run('UPDATE image_locations SET meta_data = ? WHERE id = ?', [text, id]);

  /** The store that a row's URL lies in, as far as the first run had to find out. */
  function storeOf(id: number): string | undefined {
    const decision = first.decisions.get(id);
    return decision?.kind === 'assigned' ? decision.store : undefined;
  }

  /** Has Glance touch one of these rows, each once at most; over one connection, so one after the other. */
  function touch(ids: readonly number[], moment: Moment): Promise<void> {
    touching = touching.then(() => touchOne(ids, moment));
    return touching;
  }

  async function touchOne(ids: readonly number[], moment: Moment): Promise<void> {
    const id = ids.find((one) => storeOf(one) !== undefined && !touched.has(one));
    if (id === undefined) return;
    const text = moment === 'deleted after the count' ? null : `{"k": ${id}}`;
    touched.set(id, { moment, text });
    if (text !== null) await save(id, text);
    else await database.run(`UPDATE image_locations SET status = 'deleted' WHERE id = ${id}`);
  }

  function besideGlance(): LocationTable {
    const touching = writingThrough(table, async (ids, _updatedAt, write) => {
      await touch(ids, 'before the write');
      return write();
    });
    return {
      ...touching,
      async countKinds(scope, range, kinds) {
        const ids = rows.map(({ id }) => id).filter((id) => id > range.after && id <= range.last);
        await touch(ids, 'before the count');
        const found = await table.countKinds(scope, range, kinds);
        if (found === undefined) return undefined;
        const counted = ids.filter((id) => !found.others.includes(id));
        await touch(counted, 'after the count');
        await touch(found.others, 'deleted after the count');
        return found;
      },
    };
  }

  const idsTouched = (moment: Moment) =>
    [...touched].flatMap(([id, one]) => (one.moment === moment ? [id] : []));
  const idsWritten = ({ decisions }: RunResult) =>
    [...decisions].flatMap(([id, decision]) => (isRewrite(decision) ? [id] : []));

  it('meets Glance at every moment, and has most rows counted', () => {
    for (const moment of [
      'before the count',
      'after the count',
      'deleted after the count',
      'before the write',
    ] as const) {
      expect(idsTouched(moment).length, moment).toBeGreaterThan(1);
    }
    expect(run.rows.examined - run.decisions.size).toBeGreaterThan(20);
  });

  it('gives every row one outcome', () => {
    const { examined, contradicting, ...outcomes } = run.rows;
    const sum = Object.values(outcomes).reduce((total, count) => total + count, 0);
    expect(contradicting).toBeLessThanOrEqual(examined);
    expect(sum).toBe(examined);
    expect(examined).toBe(first.rows.examined - idsTouched('deleted after the count').length);
    expect(run.rows.assigned + run.rows.replaced).toBe(idsWritten(run).length);
  });

  it('leaves each row as it was, as Glance saved it, or that labelled', () => {
    const written = new Set(idsWritten(run));
    for (const [id, text] of after) {
      const base = touched.get(id)?.text ?? before.get(id) ?? null;
      const store = storeOf(id);
      if (!written.has(id)) expect(text, `location ${id}`).toBe(base);
      else expect(text, `location ${id}`).toBe(edit(base, store ?? 'no store'));
    }
  });

  it('leaves to the next run what Glance unlabelled after it was counted, and nothing else', () => {
    const late = idsTouched('after the count');
    expect(idsWritten(again)).toEqual(late.sort((a, b) => a - b));
    for (const id of [...idsTouched('before the count'), ...idsTouched('before the write')]) {
      expect(idsWritten(run), `location ${id}`).toContain(id);
    }
  });
});
