import type { LockedLocation } from '../../src/database/location-table.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { type JournaledRow, rowsToUndo } from '../../src/journal/undo-rows.ts';
import type { RunResult } from './backfill-run.ts';

/** All that is known of a run that nobody disturbed the rows of. */
export interface RunEvidence {
  readonly before: readonly LockedLocation[];
  readonly after: readonly LockedLocation[];
  readonly result: RunResult;
  /** the rows that the run's journal does not rule out to be written */
  readonly claims: readonly JournaledRow[];
  /** a row's id for each time that an update of it was committed */
  readonly updates: readonly number[];
}

/** Reads what a journal says of the rows of its run. */
export async function readClaims(path: string): Promise<readonly JournaledRow[]> {
  const rows: JournaledRow[] = [];
  for await (const part of readJournal(path)) {
    if (part.kind === 'batch') rows.push(...rowsToUndo(part));
  }
  return rows;
}

/** Compares what the run told, what its journal says, and what the table holds. @returns what does not fit, in words */
export function findWrongs(evidence: RunEvidence): readonly string[] {
  const { before, result, claims } = evidence;
  const told = [...result.decisions.keys()];
  return [
    ...wrongCounts(evidence),
    ...before.flatMap((row) => wrongsOfRow(row, evidence)),
    ...told.filter((id) => !before.some((row) => row.id === id)).map((id) => `${id}: no such row`),
    ...claims.filter(({ outcome }) => outcome === 'unknown').map(({ id }) => `${id}: left open`),
  ];
}

function wrongCounts({ before, result: { rows } }: RunEvidence): readonly string[] {
  const { examined, ...counts } = rows;
  const outcomes = { ...counts, contradicting: 0 };
  const sum = Object.values(outcomes).reduce((total, count) => total + count, 0);
  return examined === before.length && sum === examined
    ? []
    : [`${sum} outcomes of ${examined} rows examined, ${before.length} there`];
}

function wrongsOfRow(
  old: LockedLocation,
  { after, result, claims, updates }: RunEvidence,
): readonly string[] {
  const { id } = old;
  const row = after.find((candidate) => candidate.id === id);
  const decision = result.decisions.get(id);
  const claimed = claims.filter((claim) => claim.id === id);
  const updated = updates.filter((candidate) => candidate === id).length;
  if (row === undefined || decision === undefined) return [`${id}: not told, or not there`];
  if (decision.kind !== 'assigned' && decision.kind !== 'replaced') {
    const isUntouched = JSON.stringify(row) === JSON.stringify(old);
    return isUntouched && updated === 0 && claimed.length === 0
      ? []
      : [`${id}: ${decision.kind}, yet updated ${updated} times, journaled ${claimed.length}`];
  }
  const [claim] = claimed;
  const isAsTold = row.metaData === decision.metaData && updated === 1 && row.value === old.value;
  const isAsJournaled =
    claimed.length === 1 &&
    claim?.old === old.metaData &&
    claim.new === row.metaData &&
    claim.updatedAt === row.updatedAt;
  return isAsTold && isAsJournaled
    ? []
    : [
        `${id}: ${decision.kind}, updated ${updated} times to ${String(row.metaData)} at ${String(row.updatedAt)},` +
          ` journaled as ${JSON.stringify(claimed)}`,
      ];
}
