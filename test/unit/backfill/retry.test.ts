import { describe, expect, it } from 'vitest';
import { noFailures, recover, retryTransient, StoppedError } from '../../../src/backfill/retry.ts';
import { DatabaseError, type FailureKind } from '../../../src/database/errors.ts';

/** Never waits; records how long it would have (ms). `stop` is aborted during the wait of that number, from 1 up. */
function makeOptions(stopDuringWait = Infinity) {
  const waits: number[] = [];
  const told: string[] = [];
  const controller = new AbortController();
  const sleep = (ms: number): Promise<void> => {
    waits.push(ms);
    if (waits.length === stopDuringWait) controller.abort();
    return Promise.resolve();
  };
  const onRetry = ({ message }: DatabaseError): void => {
    told.push(message);
  };
  return { waits, told, controller, retry: { sleep, onRetry }, stop: controller.signal };
}

/** Fails in these ways one after the other, then succeeds. */
function makeFlaky(...kinds: readonly FailureKind[]) {
  let attempts = 0;
  const attempt = (): Promise<string> => {
    const kind = kinds[attempts++];
    return kind === undefined
      ? Promise.resolve('done')
      : Promise.reject(new DatabaseError(`failure ${attempts}`, kind));
  };
  return { attempt, attempts: () => attempts };
}

const times = (count: number, kind: FailureKind): FailureKind[] =>
  Array<FailureKind>(count).fill(kind);

describe('retrying', () => {
  it.each(['transient', 'contended', 'commit-unknown'] as const)(
    'tries again after a %s failure, and tells it',
    async (kind) => {
      const options = makeOptions();
      const flaky = makeFlaky(kind, kind);
      await expect(retryTransient(flaky.attempt, options)).resolves.toBe('done');
      expect(options.told).toEqual(['failure 1', 'failure 2']);
    },
  );

  it('gives up at once after a fatal failure', async () => {
    const options = makeOptions();
    const { attempt } = makeFlaky('fatal');
    await expect(retryTransient(attempt, options)).rejects.toThrow('failure 1');
    expect(options.waits).toEqual([]);
  });

  it('tries once more what somebody killed, and says what to do when that is killed, too', async () => {
    await expect(retryTransient(makeFlaky('killed').attempt, makeOptions())).resolves.toBe('done');
    const flaky = makeFlaky('killed', 'transient', 'killed');
    const failed = retryTransient(flaky.attempt, makeOptions());
    await expect(failed).rejects.toThrow(/^failure 3, and did so again .*find out who/);
    await expect(failed).rejects.toMatchObject({ kind: 'killed' });
    expect(flaky.attempts()).toBe(3);
  });

  it.each(['transient', 'contended', 'commit-unknown'] as const)(
    'gives up after ten %s failures, with the last one',
    async (kind) => {
      const flaky = makeFlaky(...times(99, kind));
      await expect(retryTransient(flaky.attempt, makeOptions())).rejects.toThrow('failure 10');
    },
  );

  it('waits longer each time, never more than five seconds', async () => {
    const options = makeOptions();
    await retryTransient(makeFlaky(...times(9, 'transient')).attempt, options);
    options.waits.forEach((wait, index) => {
      const ceiling = Math.min(5_000, 100 * 2 ** index);
      expect(wait).toBeGreaterThanOrEqual(ceiling / 2);
      expect(wait).toBeLessThanOrEqual(ceiling);
    });
    expect(options.waits).toHaveLength(9);
  });

  it('lets what is no database failure through', async () => {
    const attempt = (): Promise<never> => Promise.reject(new TypeError('a defect'));
    await expect(retryTransient(attempt, makeOptions())).rejects.toThrow(TypeError);
  });
});

describe('once the run is to end', () => {
  it('nothing is waited for or tried again', async () => {
    const options = makeOptions();
    options.controller.abort();
    const flaky = makeFlaky('transient');
    await expect(retryTransient(flaky.attempt, options)).rejects.toThrow(StoppedError);
    expect(flaky.attempts()).toBe(1);
    expect(options.waits).toEqual([]);
    expect(options.told).toEqual([]);
  });

  it('a wait is the last one', async () => {
    const flaky = makeFlaky(...times(9, 'transient'));
    await expect(retryTransient(flaky.attempt, makeOptions(2))).rejects.toThrow(StoppedError);
    expect(flaky.attempts()).toBe(2);
  });

  it('a COMMIT of which nobody knows is looked at all the same, without a wait', async () => {
    const options = makeOptions();
    options.controller.abort();
    await expect(retryTransient(makeFlaky('commit-unknown').attempt, options)).resolves.toBe(
      'done',
    );
    expect(options.waits).toEqual([]);
    const flaky = makeFlaky('commit-unknown', 'transient');
    await expect(retryTransient(flaky.attempt, options)).rejects.toThrow(StoppedError);
    expect(flaky.attempts()).toBe(2);
  });

  it('a fatal failure stays one', async () => {
    const options = makeOptions();
    options.controller.abort();
    const { attempt } = makeFlaky('fatal');
    await expect(retryTransient(attempt, options)).rejects.toThrow('failure 1');
  });
});

describe('what helps after a failure', () => {
  it.each([
    ['transient', 'again'],
    ['commit-unknown', 'again'],
    ['contended', 'smaller'],
    ['killed', 'smaller'],
    ['fatal', 'hopeless'],
  ] as const)('%s: %s', async (kind, remedy) => {
    const recovery = await recover(new DatabaseError('x', kind), noFailures, makeOptions());
    expect(recovery.kind).toBe(remedy);
  });
});
