import { describe, expect, it } from 'vitest';
import { createWriterPool } from '../../../src/backfill/writer-pool.ts';

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe('writers', () => {
  it('never run more jobs at a time than there are writers', async () => {
    const pool = createWriterPool(2);
    let running = 0;
    let most = 0;
    for (let job = 0; job < 10; job++) {
      await pool.free();
      pool.start(async () => {
        most = Math.max(most, ++running);
        await tick();
        running--;
      });
    }
    await pool.drain();
    expect(most).toBe(2);
    expect(running).toBe(0);
  });

  it('are not free for a job after one failed, and tell the failure', async () => {
    const pool = createWriterPool(1);
    pool.start(() => Promise.reject(new Error('disk full')));
    await expect(pool.free()).rejects.toThrow('disk full');
    await expect(pool.drain()).rejects.toThrow('disk full');
  });

  it('let the other jobs end before a failure is told', async () => {
    const pool = createWriterPool(2);
    let ended = false;
    pool.start(async () => {
      await tick();
      ended = true;
    });
    pool.start(() => Promise.reject(new Error('deadlock')));
    await expect(pool.drain()).rejects.toThrow('deadlock');
    expect(ended).toBe(true);
  });
});
