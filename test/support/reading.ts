import type { BackfillReport } from '../../src/report/report.ts';
import type { CliRun } from './cli.ts';

/** One line of a `--rows-file`. */
export interface RowLine {
  readonly locationId: number;
  readonly imageId: string;
  readonly url: string;
  readonly outcome: string;
  readonly store: string | null;
  readonly previousStore: string | null;
  readonly reason: string | null;
}

/** The report that `-f json` printed. */
export function readReport({ code, stdout, stderr }: CliRun): BackfillReport {
  try {
    return JSON.parse(stdout) as BackfillReport;
  } catch {
    throw new Error(`exit ${String(code)}, and stdout is no JSON: ${stdout}\nstderr: ${stderr}`);
  }
}

/** The lines of a rows file's text. */
export function readRowLines(text: string): RowLine[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RowLine);
}

/** How many items there are of each kind. */
export function countBy<T>(
  items: Iterable<T>,
  kindOf: (item: T) => string,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[kindOf(item)] = (counts[kindOf(item)] ?? 0) + 1;
  return counts;
}
