import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { LocationTable } from '../../../src/database/location-table.ts';
import { runOn } from '../../support/backfill-run.ts';
import { openBehind } from '../../support/faulty-run.ts';
import { twoStores } from '../../support/file-stores.ts';
import { readClaims } from '../../support/run-evidence.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../../support/servers-database.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../../support/servers-fault-proxy.ts';
import { readLocations, seedLocations } from '../../support/servers-locations.ts';
import { journalAt, undoOn } from '../../support/undo-run.ts';
import { makeWorkplace, type Workplace } from '../../support/workplace.ts';

/** What became of a row: the outcome told, and its text, undefined when the row is gone. */
type Ending = readonly [outcome: string, text: string | undefined];

const fast = '{"store": "fast"}';
const later = `updated_at = '2031-01-01 00:00:00'`;

/** What Glance does to a row while the run cannot know whether its COMMIT took. */
const changes: readonly {
  readonly id: number;
  /** what it sets besides `updated_at` */
  readonly sets: readonly string[] | 'nothing at all' | 'no row: it purges it';
  /** when the COMMIT took */
  readonly taken: Ending;
  readonly lost: Ending;
}[] = [
  { id: 1, sets: 'nothing at all', taken: ['assigned', fast], lost: ['assigned', fast] },
  {
    id: 2,
    sets: [`meta_data = '{"k": 1}'`],
    taken: ['assigned', '{"k": 1, "store": "fast"}'],
    lost: ['assigned', '{"k": 1, "store": "fast"}'],
  },
  {
    id: 3,
    sets: [`meta_data = '{"store": "slow"}'`],
    taken: ['current', '{"store": "slow"}'],
    lost: ['current', '{"store": "slow"}'],
  },
  // Saved again as it was: not the run's any more.
  { id: 4, sets: [], taken: ['current', fast], lost: ['assigned', fast] },
  {
    id: 5,
    sets: [`value = 'file:///slow/5'`],
    taken: ['current', fast],
    lost: ['assigned', '{"store": "slow"}'],
  },
  {
    id: 6,
    sets: [`status = 'deleted', deleted = true`],
    taken: ['conflicted', fast],
    lost: ['conflicted', '{}'],
  },
  {
    id: 7,
    sets: 'no row: it purges it',
    taken: ['conflicted', undefined],
    lost: ['conflicted', undefined],
  },
  {
    id: 8,
    sets: [`status = 'pending_delete', deleted = true`],
    taken: ['conflicted', fast],
    lost: ['conflicted', '{}'],
  },
];

describe.each(['mysql', 'postgresql'] as const)('on %s', (dialect) => {
  let database: GlanceDatabase;
  let workplace: Workplace;
  let proxy: FaultProxy;
  let table: LocationTable;

  beforeEach(async () => {
    workplace = makeWorkplace();
    database = await createGlanceDatabase(dialect);
    await seedLocations(
      database,
      changes.map(({ id }) => ({ id })),
    );
    proxy = await startFaultProxy(inject('servers')[dialect].port);
    table = await openBehind(proxy.port, database);
  });
  afterEach(async () => {
    await table.close();
    await proxy.close();
    await database.drop();
    workplace.remove();
  });

  async function changeAll(): Promise<void> {
    for (const { id, sets } of changes) {
      if (sets === 'nothing at all') continue;
      await database.run(
        sets === 'no row: it purges it'
          ? `DELETE FROM image_locations WHERE id = ${id}`
          : `UPDATE image_locations SET ${[...sets, later].join(', ')} WHERE id = ${id}`,
      );
    }
  }
  const texts = async () =>
    new Map((await readLocations(database)).map(({ id, metaData }) => [id, metaData]));

  it.each([
    ['taken', 'dropped after the server has done it'],
    ['lost', 'dropped before the server gets it'],
  ] as const satisfies readonly (readonly ['taken' | 'lost', Fault])[])(
    'a COMMIT was %s, and Glance changed the rows before the run could look',
    async (ending, fault) => {
      proxy.arm({ fault, at: 'commit', meanwhile: changeAll });
      const path = workplace.path('run.ndjson');
      const journal = journalAt(path);
      const { rows, decisions } = await runOn(table, { stores: twoStores, journal });
      await journal.close();
      expect(proxy.struck()).toBe(1);

      const after = await texts();
      for (const { id, ...endings } of changes) {
        const became = [decisions.get(id)?.kind, after.get(id)];
        expect(became, `location ${id}`).toEqual(endings[ending]);
      }
      const { assigned, current, conflicted } = rows;
      expect(assigned + current + conflicted).toBe(rows.examined);

      const told = [...decisions].filter(([, { kind }]) => kind === 'assigned').map(([id]) => id);
      const claims = await readClaims(path);
      expect(claims.map(({ id }) => id).sort()).toEqual(told.sort());
      for (const claim of claims) expect(after.get(claim.id)).toBe(claim.new);

      await undoOn(table, path);
      const undone = await texts();
      for (const { id, old } of claims) expect(undone.get(id)).toBe(old);
      for (const [id, text] of after) {
        if (!told.includes(id)) expect(undone.get(id), `location ${id}`).toBe(text);
      }
    },
  );
});
