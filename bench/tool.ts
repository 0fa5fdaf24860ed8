import { programPath } from '../test/support/cli.ts';
import type { Bed } from './bed.ts';
import { type Figures, measureProcess } from './measure.ts';
import type { RowCounts } from './table.ts';

/**
 * Runs `backfill` and looks at its report.
 *
 * @param options added to the command line, such as `--dry-run`
 * @param expected what it has to count
 * @throws when the program fails or counts anything else
 */
export async function runBackfill(
  bed: Bed,
  options: readonly string[],
  expected: RowCounts,
): Promise<Figures> {
  const { stdout, figures } = await measureProcess(
    [
      ...([process.execPath, programPath, 'backfill', '-q', '-f', 'json'] as const),
      ...['--progress', 'none', '--config-file', bed.conf, ...options],
    ],
    { cwd: bed.workplace.folder },
  );
  checkReport(stdout, expected);
  return { ...figures, rows: bed.rows };
}

/** What is looked at of a report. */
interface Report {
  readonly rows: Readonly<Partial<Record<string, number>>>;
}

/** @throws when the report counts other rows, or rows of an outcome that does not occur here */
export function checkReport(text: string, expected: RowCounts): void {
  const { rows } = JSON.parse(text) as Report;
  const wantedRows: Readonly<Record<string, number>> = { ...expected };
  for (const [outcome, count] of Object.entries(rows)) {
    const wanted = wantedRows[outcome] ?? 0;
    if (count !== wanted) throw new Error(`${outcome}: ${String(count)} rows instead of ${wanted}`);
  }
  if (rows['examined'] !== expected.examined) throw new Error('the report lacks rows');
}
