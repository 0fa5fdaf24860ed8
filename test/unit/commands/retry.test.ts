import { beforeEach, expect, it } from 'vitest';
import type { RetryObserver } from '../../../src/backfill/retry.ts';
import { observeRetries, tellTrouble } from '../../../src/commands/retry.ts';
import { DatabaseError } from '../../../src/database/errors.ts';

const error = new DatabaseError('db1:3306: the server is read-only', 'transient');
const trouble = { error, forMs: 12_000, leftMs: 288_000 };

let said: string[];
let observer: RetryObserver;
beforeEach(() => {
  said = [];
  observer = observeRetries({
    terminal: {
      verbosity: 'verbose',
      notice: (text) => said.push(text),
      info: (text) => said.push(`verbose: ${text}`),
    },
    progress: {
      makeWay: () => said.push('bar: makes way'),
      troubled: (text) => said.push(text === undefined ? 'bar: well' : 'bar: troubled'),
    },
  });
});

it('tells which failure, since when, and until when it is tried again', () => {
  const now = new Date('2026-11-22T04:12:12Z');
  expect(tellTrouble(trouble, now)).toBe(
    'db1:3306: the server is read-only, since 04:12:00 UTC; trying again until 04:17:00 UTC',
  );
});

it('tells how often it is tried where the time is not limited', () => {
  const now = new Date('2026-11-22T04:12:12Z');
  expect(tellTrouble({ ...trouble, leftMs: undefined }, now)).toMatch(/; trying again 10 times/);
});

it('tells once of several pieces of work, and once when all of them go on', () => {
  observer.troubled(trouble);
  observer.troubled(trouble);
  observer.troubleOver('going on');
  expect(said).toHaveLength(2);
  observer.troubleOver('going on');
  expect(said).toEqual([
    'bar: troubled',
    expect.stringContaining('read-only, since'),
    'bar: well',
    expect.stringMatching(/^going on after 1[23] s$/),
  ]);
});

it('leaves it to the run to say that it ends', () => {
  observer.troubled(trouble);
  observer.troubleOver('given up');
  expect(said.slice(2)).toEqual(['bar: well']);
});

it('leaves each attempt to --verbose', () => {
  observer.retrying(error, 50);
  expect(said).toEqual([
    'bar: makes way',
    'verbose: db1:3306: the server is read-only; trying again in 50 ms',
  ]);
});
