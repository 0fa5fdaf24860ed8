import { describe, expect, it } from 'vitest';
import { type Journal, lazyJournal, noJournal } from '../../../src/journal/journal.ts';
import { makePlan } from './samples.ts';

/** A journal that notes its calls, and a way to open it that does so, too. */
function notingJournal() {
  const calls: string[] = [];
  const note = (call: string): Promise<void> => {
    calls.push(call);
    return Promise.resolve();
  };
  const journal: Journal = {
    path: () => '/j',
    plan: ({ batch }) => note(`plan ${batch}`),
    outcome: ({ batch }) => note(`outcome ${batch}`),
    close: () => note('close'),
  };
  return { calls, open: () => note('open').then(() => journal) };
}

describe('a journal opened when it is needed', () => {
  it('is never made by a run that has nothing to write', async () => {
    const { calls, open } = notingJournal();
    const journal = lazyJournal(open);
    await journal.close();
    expect(calls).toEqual([]);
    expect(journal.path()).toBeNull();
  });

  it('is made once, by the first of several batches in flight', async () => {
    const { calls, open } = notingJournal();
    const journal = lazyJournal(open);
    await Promise.all([journal.plan(makePlan(1, [1])), journal.plan(makePlan(2, [2]))]);
    await journal.outcome({ batch: 2, written: 'all' });
    await journal.close();
    expect(calls).toEqual(['open', 'plan 1', 'plan 2', 'outcome 2', 'close']);
    expect(journal.path()).toBe('/j');
  });

  it('keeps every batch from beginning when it cannot be made', async () => {
    let tries = 0;
    const failure = new Error('no room');
    const journal = lazyJournal(() => {
      tries += 1;
      return Promise.reject(failure);
    });
    await expect(journal.plan(makePlan(1, [1]))).rejects.toBe(failure);
    await expect(journal.plan(makePlan(2, [2]))).rejects.toBe(failure);
    await journal.close();
    expect(tries).toBe(1);
  });
});

describe('no journal', () => {
  it('takes everything and keeps nothing', async () => {
    await noJournal.plan(makePlan(1, [1]));
    await noJournal.outcome({ batch: 1, written: 'all' });
    await noJournal.close();
    expect(noJournal.path()).toBeNull();
  });
});
