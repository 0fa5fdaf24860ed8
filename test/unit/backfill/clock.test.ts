import { expect, it } from 'vitest';
import { realClock } from '../../../src/backfill/clock.ts';

it('a sleep ends when its time is over', async () => {
  const startedAt = realClock.now();
  await realClock.sleep(30, new AbortController().signal);
  expect(realClock.now() - startedAt).toBeGreaterThan(28);
});

it('a sleep ends at once when the run is to end, also if it was to end before', async () => {
  const run = new AbortController();
  const sleep = realClock.sleep(600_000, run.signal);
  run.abort();
  await sleep;
  await realClock.sleep(600_000, run.signal);
});
