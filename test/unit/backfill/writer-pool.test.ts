import { describe, expect, it } from 'vitest';
import { createWriterPool } from '../../../src/backfill/writer-pool.ts';

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe('writers', () => {
  it('never run more jobs at a time than there are writers', async () => {
    const pool = createWriterPool(2);
    let running = 0;
    let most = 0;
    for (let job = 0; job < 10; job++) {
      await pool.submit(async () => {
        most = Math.max(most, ++running);
        await tick();
        running--;
      });
    }
    await pool.drain();
    expect(most).toBe(2);
    expect(running).toBe(0);
  });

  it('start no job after one failed, and tell the failure', async () => {
    const pool = createWriterPool(1);
    let started = 0;
    await pool.submit(() => Promise.reject(new Error('disk full')));
    await expect(
      pool.submit(() => {
        started++;
        return Promise.resolve();
      }),
    ).rejects.toThrow('disk full');
    expect(started).toBe(0);
    await expect(pool.drain()).rejects.toThrow('disk full');
  });

  it('let the other jobs end before a failure is told', async () => {
    const pool = createWriterPool(2);
    let ended = false;
    await pool.submit(async () => {
      await tick();
      ended = true;
    });
    await pool.submit(() => Promise.reject(new Error('deadlock')));
    await expect(pool.drain()).rejects.toThrow('deadlock');
    expect(ended).toBe(true);
  });
});
