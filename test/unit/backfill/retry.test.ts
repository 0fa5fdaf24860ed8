import { describe, expect, it } from 'vitest';
import { retryTransient } from '../../../src/backfill/retry.ts';
import { DatabaseError, type FailureKind } from '../../../src/database/errors.ts';

/** Fails `failures` times, then succeeds; records what it was told and how long was waited. */
function makeFlaky(failures: number, kind: FailureKind) {
  const told: (string | undefined)[] = [];
  const waits: number[] = [];
  const attempt = (previous: DatabaseError | undefined): Promise<string> => {
    told.push(previous?.message);
    return told.length <= failures
      ? Promise.reject(new DatabaseError(`failure ${told.length}`, kind))
      : Promise.resolve('done');
  };
  const sleep = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  return { told, waits, run: () => retryTransient(attempt, { sleep, onRetry: () => undefined }) };
}

describe('retrying', () => {
  it.each(['transient', 'commit-unknown'] as const)(
    'tries again after a %s failure',
    async (kind) => {
      const flaky = makeFlaky(2, kind);
      await expect(flaky.run()).resolves.toBe('done');
      expect(flaky.told).toEqual([undefined, 'failure 1', 'failure 2']);
    },
  );

  it.each(['fatal', 'killed'] as const)('gives up at once after a %s failure', async (kind) => {
    const flaky = makeFlaky(1, kind);
    await expect(flaky.run()).rejects.toThrow('failure 1');
    expect(flaky.waits).toEqual([]);
  });

  it('gives up after ten attempts, with the last failure', async () => {
    const flaky = makeFlaky(99, 'transient');
    await expect(flaky.run()).rejects.toThrow('failure 10');
  });

  it('waits longer each time, never more than five seconds', async () => {
    const flaky = makeFlaky(9, 'transient');
    await flaky.run();
    flaky.waits.forEach((wait, index) => {
      const ceiling = Math.min(5_000, 100 * 2 ** index);
      expect(wait).toBeGreaterThanOrEqual(ceiling / 2);
      expect(wait).toBeLessThanOrEqual(ceiling);
    });
    expect(flaky.waits).toHaveLength(9);
  });

  it('lets what is no database failure through', async () => {
    const sleep = (): Promise<void> => Promise.resolve();
    const attempt = (): Promise<never> => Promise.reject(new TypeError('a defect'));
    await expect(retryTransient(attempt, { sleep, onRetry: () => undefined })).rejects.toThrow(
      TypeError,
    );
  });
});
