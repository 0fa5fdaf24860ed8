import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type KilledRunsResult, killRuns } from '../support/killed-runs.ts';
import { DIALECTS } from '../support/servers-database.ts';

const kills = 4;

describe.each(DIALECTS)('runs on %s that are killed while Glance writes', (dialect) => {
  const seed = randomInt(2 ** 31);
  let result: KilledRunsResult;

  beforeAll(async () => {
    result = await killRuns({ dialect, seed, isEnough: (count) => count >= kills });
  });

  it('leave every row as Glance left it, or that labelled', () => {
    expect(result.mixed, `seed ${seed}`).toEqual([]);
    // Else nothing was tried.
    expect(result.kills).toBe(kills);
    expect(result.openRows).toBeGreaterThan(0);
    expect(result.writes).toBeGreaterThan(100);
  });

  it('are finished by the next run', () => {
    expect(result.unfinished, `seed ${seed}`).toEqual([]);
  });

  it('leave journals that, undone from the newest on, put back all but what Glance wrote', () => {
    expect(result.notUndone, `seed ${seed}`).toEqual([]);
  });
});
