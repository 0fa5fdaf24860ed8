import { describe, expect, it } from 'vitest';
import { tellHolder } from '../../../src/commands/run-lock.ts';

const advice = '; nothing was written: wait until it has ended, then run this again';

describe('who holds the lock', () => {
  it('is told with all that the server tells', () => {
    const holder = { connection: 4711, from: '10.0.0.5:40312', since: '2026-11-22 12:00:00' };
    expect(tellHolder('glance', holder)).toBe(
      'another backfill or undo is at work on database glance ' +
        `(connection 4711 of the server, from 10.0.0.5:40312, since 2026-11-22 12:00:00 UTC or before)${advice}`,
    );
  });

  it('is told as far as the server tells', () => {
    const connection = { connection: 4711, from: undefined, since: undefined };
    expect(tellHolder('glance', connection)).toBe(
      `another backfill or undo is at work on database glance (connection 4711 of the server)${advice}`,
    );
    expect(tellHolder('glance', { ...connection, connection: undefined })).toBe(
      `another backfill or undo is at work on database glance${advice}`,
    );
  });
});
