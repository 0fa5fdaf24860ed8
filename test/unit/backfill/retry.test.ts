import { describe, expect, it } from 'vitest';
import { noFailures } from '../../../src/backfill/remedy.ts';
import {
  beginEffort,
  retryTransient,
  StoppedError,
  type Trouble,
} from '../../../src/backfill/retry.ts';
import { DatabaseError, type FailureKind } from '../../../src/database/errors.ts';

/** Time passes in waits alone; records how long they are (ms). `stop` is aborted during the wait of that number, from 1 up. */
function makeOptions(stopDuringWait = Infinity) {
  const waits: number[] = [];
  const told: string[] = [];
  const troubles: (Trouble | 'going on' | 'given up')[] = [];
  const controller = new AbortController();
  let now = 1_000_000;
  const pass = (ms: number): void => {
    now += ms;
  };
  const clock = {
    now: () => now,
    sleep(ms: number): Promise<void> {
      waits.push(ms);
      pass(ms);
      if (waits.length === stopDuringWait) controller.abort();
      return Promise.resolve();
    },
  };
  const observer = {
    retrying: ({ message }: DatabaseError) => told.push(message),
    troubled: (trouble: Trouble) => troubles.push(trouble),
    troubleOver: (how: 'going on' | 'given up') => troubles.push(how),
  };
  const retry = { clock, observer };
  return {
    waits,
    told,
    troubles,
    controller,
    pass,
    now: () => now,
    retry,
    stop: controller.signal,
  };
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

  it.each(['contended', 'too-large', 'commit-unknown'] as const)(
    'gives up after ten %s failures, with the last one',
    async (kind) => {
      const flaky = makeFlaky(...times(99, kind));
      await expect(retryTransient(flaky.attempt, makeOptions())).rejects.toThrow('failure 10');
    },
  );

  it('looks once after a COMMIT that was refused, and gives up when it is refused again', async () => {
    const once = makeFlaky('commit-refused');
    await expect(retryTransient(once.attempt, makeOptions())).resolves.toBe('done');
    const twice = makeFlaky(...times(99, 'commit-refused'));
    await expect(retryTransient(twice.attempt, makeOptions())).rejects.toThrow('failure 2');
  });

  it('waits longer each time, never more than five seconds', async () => {
    const options = makeOptions();
    await retryTransient(makeFlaky(...times(20, 'transient')).attempt, options);
    options.waits.forEach((wait, index) => {
      const ceiling = Math.min(5_000, 100 * 2 ** index);
      expect(wait).toBeGreaterThanOrEqual(ceiling / 2);
      expect(wait).toBeLessThanOrEqual(ceiling);
    });
    expect(options.waits).toHaveLength(20);
  });

  it('lets what is no database failure through', async () => {
    const attempt = (): Promise<never> => Promise.reject(new TypeError('a defect'));
    await expect(retryTransient(attempt, makeOptions())).rejects.toThrow(TypeError);
  });
});

describe('a database that is away', () => {
  const isAway = (): Promise<never> => Promise.reject(new DatabaseError('away', 'transient'));

  it('is waited for five minutes, and the message says so', async () => {
    const options = makeOptions();
    const startedAt = options.now();
    const failed = retryTransient(isAway, options);
    await expect(failed).rejects.toThrow(/^away, and this went on for 5 minutes, .*run it again/);
    expect(options.now() - startedAt).toBeGreaterThanOrEqual(300_000);
    expect(options.now() - startedAt).toBeLessThan(305_000);
  });

  it('is waited for anew when it was there in between', async () => {
    const options = makeOptions();
    const effort = beginEffort(options);
    for (const kind of ['transient', 'contended', 'transient'] as const) {
      options.pass(200_000);
      const { kind: remedy } = await effort.recover(new DatabaseError('x', kind));
      expect(remedy).not.toBe('hopeless');
    }
    options.pass(200_000);
    expect((await effort.recover(new DatabaseError('x', 'transient'))).kind).toBe('again');
    options.pass(200_000);
    expect((await effort.recover(new DatabaseError('x', 'transient'))).kind).toBe('hopeless');
  });

  it('does not end the run because the throttle has taken its time', async () => {
    const options = makeOptions();
    const throttle = {
      pass(): Promise<void> {
        options.pass(250_000);
        return Promise.resolve();
      },
    };
    const flaky = makeFlaky(...times(5, 'transient'));
    await expect(retryTransient(flaky.attempt, { ...options, throttle })).resolves.toBe('done');
  });

  it('is told of once when it has been so for ten seconds, and once when it is back', async () => {
    const options = makeOptions();
    await retryTransient(makeFlaky(...times(20, 'transient')).attempt, options);
    expect(options.troubles).toHaveLength(2);
    const [trouble, end] = options.troubles;
    expect(end).toBe('going on');
    if (typeof trouble !== 'object') throw new Error('nothing was told first');
    expect(trouble.forMs).toBeGreaterThanOrEqual(10_000);
    expect(trouble.forMs).toBeLessThan(15_000);
    expect((trouble.leftMs ?? 0) + trouble.forMs).toBe(300_000);
  });

  it('is not told of when it is back sooner', async () => {
    const options = makeOptions();
    await retryTransient(makeFlaky(...times(4, 'transient')).attempt, options);
    expect(options.troubles).toEqual([]);
  });

  it('is told of as given up when it does not come back', async () => {
    const options = makeOptions();
    await expect(retryTransient(isAway, options)).rejects.toThrow('away');
    expect(options.troubles.slice(1)).toEqual(['given up']);
  });
});

it('the throttle is passed before each new attempt, after the wait', async () => {
  const options = makeOptions();
  const events: string[] = [];
  const flaky = makeFlaky('contended', 'transient');
  const throttle = {
    pass(): Promise<void> {
      events.push(`throttle after ${options.waits.length}`);
      return Promise.resolve();
    },
  };
  const attempt = (): Promise<string> => {
    events.push('attempt');
    return flaky.attempt();
  };
  await retryTransient(attempt, { ...options, throttle });
  const expected = ['attempt', 'throttle after 1', 'attempt', 'throttle after 2', 'attempt'];
  expect(events).toEqual(expected);
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

  it.each(['commit-unknown', 'commit-refused'] as const)(
    'a COMMIT of which nobody knows (%s) is looked at all the same, without a wait',
    async (kind) => {
      const options = makeOptions();
      options.controller.abort();
      await expect(retryTransient(makeFlaky(kind).attempt, options)).resolves.toBe('done');
      expect(options.waits).toEqual([]);
      const flaky = makeFlaky(kind, 'transient');
      await expect(retryTransient(flaky.attempt, options)).rejects.toThrow(StoppedError);
      expect(flaky.attempts()).toBe(2);
    },
  );

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
    ['commit-refused', 'again'],
    ['contended', 'smaller'],
    ['too-large', 'smaller'],
    ['killed', 'smaller'],
    ['fatal', 'hopeless'],
  ] as const)('%s: %s', async (kind, remedy) => {
    const effort = beginEffort(makeOptions());
    expect((await effort.recover(new DatabaseError('x', kind))).kind).toBe(remedy);
  });

  it('counts what somebody killed before', async () => {
    const effort = beginEffort(makeOptions(), { ...noFailures, kills: 1 });
    expect((await effort.recover(new DatabaseError('x', 'killed'))).kind).toBe('hopeless');
  });
});
