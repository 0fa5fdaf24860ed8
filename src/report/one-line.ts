import { leftOverOutcomes, stopReason } from './outcomes.ts';
import type { BackfillReport } from './report.ts';
import { rewrittenRows } from './tally.ts';
import { formatCount, plural, printable } from './text.ts';
import type { UndoReport } from './undo-report.ts';

/**
 * A run in one line, for `--quiet`: what was written, or in a dry run would be, and what stopped the run early. Nothing
 * where neither is so. Rows left over are no reason for a line: they are there every night.
 */
export function renderReportLine(report: BackfillReport): string {
  const { dryRun, rows, database, stoppedBy, journal } = report;
  const toWrite = rewrittenRows(rows);
  // What failed is told as an error.
  if (toWrite === 0 && (stoppedBy === null || stoppedBy === 'error')) return '';
  const written = `${plural(toWrite, 'row')} ${dryRun ? 'would be written' : 'written'}`;
  const how = countsText(rows, ['assigned', 'replaced']);
  const left = countsText(rows, leftOverOutcomes);
  const stopped = stopReason(report);
  return joinLine(database.name, [
    how === '' ? written : `${written} (${how})`,
    ...(stopped === null ? [] : [stopped]),
    ...(left === '' ? [] : [`${left} left over`]),
    ...journalText(journal),
  ]);
}

/** An undo in one line, as `renderReportLine`; nothing for a journal without rows. */
export function renderUndoLine(
  { dryRun, rows, ownJournal }: UndoReport,
  database: Pick<BackfillReport['database'], 'name'>,
): string {
  if (rows.inJournal === 0) return '';
  const notReached = rows.inJournal - rows.restored - rows.leftAlone;
  return joinLine(database.name, [
    `${plural(rows.restored, 'row')} ${dryRun ? 'would be restored' : 'restored'}`,
    ...(rows.leftAlone === 0 ? [] : [`${formatCount(rows.leftAlone)} left alone`]),
    ...(notReached === 0 ? [] : [`${formatCount(notReached)} not reached`]),
    ...journalText(ownJournal),
  ]);
}

/** `2 unmatched, 1 unreadable`; nothing where there are none */
function countsText(
  rows: BackfillReport['rows'],
  kinds: readonly (keyof BackfillReport['rows'])[],
): string {
  const some = kinds.filter((kind) => rows[kind] > 0);
  return some.map((kind) => `${formatCount(rows[kind])} ${kind}`).join(', ');
}

function journalText(journal: string | null): string[] {
  return journal === null ? [] : [`journal ${journal}`];
}

function joinLine(database: string, parts: readonly string[]): string {
  return `${printable(`database ${database}: ${parts.join('; ')}`)}\n`;
}
