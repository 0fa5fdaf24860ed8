import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../src/backfill/clock.ts';
import { sampleLabels } from '../../src/backfill/label-sample.ts';
import { StoppedError } from '../../src/backfill/retry.ts';
import type { Throttle } from '../../src/backfill/throttle.ts';
import type { LabelEvidence } from '../../src/backfill/label-evidence.ts';
import { createClaimTest } from '../../src/locations/claim.ts';
import { createDecrypter } from '../../src/locations/encryption.ts';
import { createMatcher } from '../../src/locations/matcher.ts';
import { createMetaDataReader } from '../../src/locations/meta-data.ts';
import { createLabelJudge } from '../../src/locations/label-verdict.ts';
import { twoStores as stores } from '../support/file-stores.ts';
import { noThrottle } from '../support/no-throttle.ts';
import {
  createGlanceDatabase,
  DIALECTS,
  type GlanceDatabase,
} from '../support/servers-database.ts';
import { fillLocations, seedLocations } from '../support/servers-locations.ts';
import { openTable } from '../support/servers-table.ts';

const rule = { stores, matching: 'corrected', mappings: [] } as const;
const judgeLabel = createLabelJudge({
  enabledStoreIds: new Set(['fast', 'slow']),
  matcher: createMatcher(rule),
  hasClaim: createClaimTest(rule),
  decrypter: createDecrypter(undefined),
  metaDataReader: createMetaDataReader(),
});

/** Samples the table as a run does. */
async function sample(
  database: GlanceDatabase,
  throttle: Throttle = noThrottle,
  stop = new AbortController(),
): Promise<LabelEvidence | undefined> {
  const table = await openTable(database.url, { readOnly: true });
  try {
    const silent = () => undefined;
    const observer = { retrying: silent, troubled: silent, troubleOver: silent };
    const retry = { clock: realClock, observer };
    const last = await table.lastId();
    return await sampleLabels({ table, last, judgeLabel, retry, throttle, stop: stop.signal });
  } finally {
    await table.close();
  }
}

describe.each(DIALECTS)('a small table on %s', (dialect) => {
  let database: GlanceDatabase;
  beforeAll(async () => {
    database = await createGlanceDatabase(dialect);
    const labelled = (store: string) => ({ metaData: `{"store": "${store}"}` });
    await seedLocations(database, [
      { id: 1, ...labelled('fast') },
      { id: 2, ...labelled('slow') },
      { id: 30, ...labelled('slow') },
      { id: 31, ...labelled('fast'), value: 'file:///slow/x' },
      { id: 4_000, ...labelled('slow'), value: 'file:///slow/x' },
      { id: 4_001, ...labelled('gone') },
      { id: 4_002 },
      // Out of scope, whatever it says.
      { id: 4_003, ...labelled('slow'), status: 'deleted', deleted: true },
      { id: 4_004, ...labelled('slow'), status: 'pending_delete', deleted: true },
      { id: 1_000_000_000, ...labelled('fast') },
    ]);
  });
  afterAll(() => database.drop());

  it('is judged as a whole, as far as Glance shows it', async () => {
    expect(await sample(database)).toMatchObject({
      sampled: 8,
      labelled: 6,
      contradicting: 3,
      pairs: [
        { store: 'slow', matchingStore: 'fast', count: 2, example: { locationId: 2 } },
        { store: 'fast', matchingStore: 'slow', count: 1, example: { locationId: 31 } },
      ],
    });
  });

  it('is not judged by a part of it when the run is to end', async () => {
    const stop = new AbortController();
    let passed = 0;
    const throttle: Throttle = {
      ...noThrottle,
      pass: () => {
        passed += 1;
        if (passed === 3) stop.abort();
        return Promise.resolve();
      },
    };
    expect(await sample(database, throttle, stop)).toBeUndefined();
    expect(passed).toBe(3);
    const stopped: Throttle = {
      ...noThrottle,
      pass: () => Promise.reject(new StoppedError('the run is to end')),
    };
    expect(await sample(database, stopped)).toBeUndefined();
  });
});

describe.each(['mysql', 'postgresql'] as const)('a large table on %s', (dialect) => {
  let database: GlanceDatabase;
  beforeAll(async () => {
    database = await createGlanceDatabase(dialect);
    await fillLocations(database, 60_000);
    await database.run(`UPDATE image_locations SET meta_data = '{"store": "fast"}'`);
  });
  afterAll(() => database.drop());

  it('is judged in twenty places, the beginning of each twentieth', async () => {
    // The beginning of the eighth twentieth, and what lies beyond its page.
    const wrong = `UPDATE image_locations SET meta_data = '{"store": "slow"}' WHERE id`;
    await database.run(`${wrong} BETWEEN 21001 AND 21400`);
    await database.run(`${wrong} BETWEEN 21501 AND 24000`);
    expect(await sample(database)).toEqual({
      sampled: 10_000,
      labelled: 10_000,
      contradicting: 400,
      pairs: [
        {
          ...{ store: 'slow', matchingStore: 'fast', count: 400 },
          example: { locationId: 21_001, imageId: expect.any(String) as unknown },
        },
      ],
      notEnabled: 0,
      notEnabledStores: [],
    });
  });
});
