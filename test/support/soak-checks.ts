import { setTimeout as sleep } from 'node:timers/promises';
import type { GlanceDatabase } from './servers-database.ts';
import { readLocations } from './servers-locations.ts';
import { findSessions } from './servers-sessions.ts';
import type { GlancesRow, SoakGlance } from './soak-glance.ts';

/** The rows that are not as they may be, in words; looked at once no session of the program is left. */
export async function findStrangeRows(
  database: GlanceDatabase,
  { rows }: SoakGlance,
  isAllowed: (metaData: string | null, row: GlancesRow) => boolean,
): Promise<readonly string[]> {
  await sessionsGone(database);
  return (await readLocations(database)).flatMap(({ id, metaData }) => {
    const row = rows.get(id);
    return row !== undefined && isAllowed(metaData, row)
      ? []
      : [`${id}: ${String(metaData)}, by Glance ${JSON.stringify(row)}`];
  });
}

/** As Glance left it, or that labelled. */
export function isOldOrLabelled(metaData: string | null, { base, labelled }: GlancesRow): boolean {
  return metaData === base || metaData === labelled;
}

/** As a run leaves it that comes to its end while Glance is quiet. */
export function isFinished(metaData: string | null, { base, labelled }: GlancesRow): boolean {
  return metaData === (labelled ?? base);
}

/** As Glance left it, and no label besides. */
export function isUndone(metaData: string | null, { base }: GlancesRow): boolean {
  return metaData === base;
}

/** The counts of a report, if they do not add up. */
export function wrongSums(rows: Readonly<Record<string, number>>): readonly string[] {
  const { examined, contradicting = 0, ...outcomes } = rows;
  const sum = Object.values(outcomes).reduce((total, count) => total + count, 0);
  return sum === examined && contradicting <= sum ? [] : [`counts: ${JSON.stringify(rows)}`];
}

/** What a run that was killed has sent may still be carried out. On SQLite nothing outlives it. */
async function sessionsGone(database: GlanceDatabase): Promise<void> {
  if (database.dialect === 'sqlite') return;
  const deadline = Date.now() + 20_000;
  while ((await findSessions(database, 'connected')).length > 0) {
    if (Date.now() > deadline) throw new Error('sessions of runs that have ended do not end');
    await sleep(110);
  }
}
