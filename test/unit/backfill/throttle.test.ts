import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/backfill/clock.ts';
import { createRate } from '../../../src/backfill/rate.ts';
import { createThrottle, type Throttle } from '../../../src/backfill/throttle.ts';
import { DatabaseError } from '../../../src/database/errors.ts';
import { type ServerStatus, toServerStatus } from '../../../src/database/server-status.ts';

const signals = { limits: [{ name: 'Threads_running', most: 25 }], galera: false };

let now: number;
let told: string[];
let readings: number;
let stop: AbortController;

beforeEach(() => {
  now = 0;
  told = [];
  readings = 0;
  stop = new AbortController();
});

/** Sleeps in no time, unless the run is to end. */
const clock: Clock = {
  now: () => now,
  async sleep(ms, end) {
    // What is to be had at once comes first.
    await nextTurn();
    if (!end.aborted) now += ms;
  },
};

/** @param server what the server answers at its nth reading: threads, an error, or nothing at all */
function throttleOn(server: (reading: number) => number | Error | 'silence'): Throttle {
  return createThrottle({
    load: { signals, read: () => answer(server((readings += 1))) },
    rate: undefined,
    clock,
    stop: stop.signal,
    observer: {
      paused: (reason) => told.push(`${now}: ${reason}`),
      resumed: (ms) => told.push(`${now}: on after ${ms}`),
      gaveUp: (reason) => {
        told.push(`${now}: gave up, ${reason}`);
        stop.abort();
      },
    },
  });
}

function answer(threads: number | Error | 'silence'): Promise<ServerStatus> {
  if (threads === 'silence') return new Promise(() => undefined);
  if (threads instanceof Error) return Promise.reject(threads);
  return Promise.resolve(toServerStatus([['Threads_running', String(threads)]]));
}

describe('the throttle', () => {
  it('lets a run go on while the server is calm', async () => {
    await throttleOn(() => 25).pass();
    expect({ now, told }).toEqual({ now: 0, told: [] });
  });

  it('asks again no sooner than after 250 ms', async () => {
    const throttle = throttleOn(() => 1);
    for (now = 0; now < 1000; now += 50) await throttle.pass();
    expect(readings).toBe(4);
  });

  it('asks once for all who wait at the same time', async () => {
    const throttle = throttleOn((reading) => (reading < 3 ? 99 : 1));
    await Promise.all([throttle.pass(), throttle.pass(), throttle.passRows(5)]);
    expect({ readings, now }).toEqual({ readings: 3, now: 2000 });
  });

  it('pauses while the server is busy, and tells why and for how long', async () => {
    await throttleOn((reading) => [41, 30, 25][reading - 1] ?? 0).pass();
    expect(told).toEqual([
      '0: Threads_running 41 > 25',
      '1000: Threads_running 30 > 25',
      '2000: on after 2000',
    ]);
  });

  it('pauses while the load cannot be read, and tries again every second', async () => {
    const lost = new DatabaseError('db1:3306: the connection was lost', 'fatal');
    await throttleOn((reading) => (reading < 3 ? lost : 1)).pass();
    expect(told).toEqual([
      "0: the server's load cannot be read: db1:3306: the connection was lost",
      "1000: the server's load cannot be read: db1:3306: the connection was lost",
      '2000: on after 2000',
    ]);
  });

  it('takes silence for a load that cannot be read, and does not ask a second time meanwhile', async () => {
    const waiting = throttleOn(() => 'silence').pass();
    while (told.length < 3) await nextTurn();
    stop.abort();
    await waiting;
    expect(told[0]).toBe("5000: the server's load cannot be read: no answer in 5 s");
    expect(readings).toBe(1);
  });

  it('throws what is no failure of the database', async () => {
    await expect(throttleOn(() => new TypeError('a defect')).pass()).rejects.toThrow(TypeError);
  });

  it('gives up after ten minutes without a break', async () => {
    await throttleOn(() => 99).pass();
    expect(told.at(-1)).toBe('600000: gave up, Threads_running 99 > 25');
    expect(told).toHaveLength(601);
  });

  it('counts the ten minutes anew after each break', async () => {
    const throttle = throttleOn((reading) => (reading % 500 === 0 ? 1 : 99));
    for (let passed = 0; passed < 5; passed++) {
      await throttle.pass();
      now += 1000;
    }
    expect(told.filter((line) => line.includes('gave up'))).toEqual([]);
    expect(stop.signal.aborted).toBe(false);
  });

  it('ends a pause at once when the run is to end, and says no more', async () => {
    const throttle = throttleOn((reading) => {
      if (reading === 3) stop.abort();
      return 99;
    });
    await throttle.pass();
    await throttle.pass();
    expect({ readings, lines: told.length }).toEqual({ readings: 3, lines: 2 });
  });

  it('has rows wait for their rate', async () => {
    const rate = createRate(100, 0);
    const observer = { paused: fail, resumed: fail, gaveUp: fail };
    const throttle = createThrottle({ load: undefined, rate, clock, stop: stop.signal, observer });
    await throttle.pass();
    expect(now).toBe(0);
    for (let batch = 0; batch < 8; batch++) await throttle.passRows(25);
    expect(now).toBe(2000);
  });
});

function fail(): void {
  throw new Error('nothing was to be told');
}
