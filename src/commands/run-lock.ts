import type { LockAttempt } from '../database/location-table.ts';
import type { LocationTable } from '../database/location-table.ts';
import { LockedError } from '../errors.ts';
import type { Terminal } from '../terminal.ts';

/** The part of an attempt that tells of another run. */
type Holder = Extract<LockAttempt, { kind: 'held' }>['holder'];

/**
 * Keeps other runs that write off the database until the table is closed. A dry run needs no lock.
 *
 * @throws LockedError when another run is at work
 */
export async function lockRun(
  table: LocationTable,
  { dryRun }: { readonly dryRun: boolean },
  terminal: Terminal,
): Promise<void> {
  if (dryRun) return;
  const attempt = await table.lock();
  switch (attempt.kind) {
    case 'taken':
    case 'unneeded':
      return;
    case 'held':
      throw new LockedError(tellHolder(table.description.name, attempt.holder));
    case 'refused':
      terminal.warn(
        `the server refuses the lock that keeps a second run away: ${attempt.why}; ` +
          'the run goes on: two at a time do no harm, they only hold each other up',
      );
  }
}

/** All that is known of the other run, and what to do. */
export function tellHolder(database: string, { connection, from, since }: Holder): string {
  const known = [
    ...(connection === undefined ? [] : [`connection ${connection} of the server`]),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(since === undefined ? [] : [`since ${since} UTC or before`]),
  ];
  const who = known.length === 0 ? '' : ` (${known.join(', ')})`;
  return (
    `another backfill or undo is at work on database ${database}${who}; ` +
    'nothing was written: wait until it has ended, then run this again'
  );
}
