import type { BackfillReport, StoppedBy } from './report.ts';
import { formatCount } from './text.ts';

type Outcome = Exclude<keyof BackfillReport['rows'], 'examined'>;

/** An outcome as reports tell it. */
export interface OutcomeLine {
  readonly kind: Outcome;
  readonly meaning: string;
  /** something to look into where there are any */
  readonly problem: boolean;
}

/** The outcomes to be told, in order: those that occurred, and those that everybody asks for. */
export function listOutcomes(
  rows: BackfillReport['rows'],
  dryRun: boolean,
): readonly OutcomeLine[] {
  return outcomes.flatMap(({ kind, meaning, always, problem }) => {
    if (always !== true && rows[kind] === 0) return [];
    const text = typeof meaning === 'string' ? meaning : meaning[dryRun ? 'dryRun' : 'run'];
    return [{ kind, meaning: text, problem: problem === true }];
  });
}

/** Outcomes of rows that need a store and stay without, in the order of the report. */
export const leftOutcomes = [
  'skipped',
  'unmatched',
  'ambiguous',
  'unreadable',
  'conflicted',
] as const satisfies readonly Outcome[];

/** Rows that need a store and stay without. */
export function leftRows(rows: BackfillReport['rows']): number {
  return leftOutcomes.reduce((sum, kind) => sum + rows[kind], 0);
}

interface OutcomeWords {
  readonly kind: Outcome;
  readonly meaning: string | { readonly dryRun: string; readonly run: string };
  /** shown also when there are none; the others only when there are some */
  readonly always?: boolean;
  readonly problem?: boolean;
}

const outcomes: readonly OutcomeWords[] = [
  { kind: 'current', meaning: 'name an enabled store already', always: true },
  {
    kind: 'assigned',
    meaning: { dryRun: 'have no store and would get one', run: 'had no store and got one' },
    always: true,
  },
  {
    kind: 'replaced',
    meaning: {
      dryRun: 'name a wrong store; it would be replaced',
      run: 'named a wrong store; replaced',
    },
    always: true,
  },
  { kind: 'skipped', meaning: 'name a store not enabled; left so by --only-missing' },
  { kind: 'unmatched', meaning: 'fit no store; left as they are', always: true, problem: true },
  { kind: 'ambiguous', meaning: 'fit several stores equally; left as they are', problem: true },
  { kind: 'unreadable', meaning: 'cannot be read; left as they are', problem: true },
  { kind: 'conflicted', meaning: 'removed or deleted while the run went on', problem: true },
  { kind: 'contradicting', meaning: 'current, yet the URL lies in another store', problem: true },
];

const stops: Readonly<Record<StoppedBy, string>> = {
  signal: 'Stopped by a signal',
  'max-count': 'Stopped by --max-count',
  'run-time': 'Stopped by --run-time',
  throttle: 'Stopped, as the database was too busy for too long,',
  error: 'Stopped by an error',
};

/** What ended a run early, and where; null for one that came to the table's end. */
export function stopText({
  stoppedBy,
  stoppedAt,
}: Pick<BackfillReport, 'stoppedBy' | 'stoppedAt'>): string | null {
  if (stoppedBy === null) return null;
  return `${stops[stoppedBy]}${stopPlace(stoppedAt)}; not all rows further on were looked at.`;
}

/** ` at location id 5 of 10`; nothing where it is not known */
export function stopPlace(stoppedAt: BackfillReport['stoppedAt']): string {
  if (stoppedAt === null) return '';
  const { locationId, lastLocationId } = stoppedAt;
  return ` at location id ${formatCount(locationId)} of ${formatCount(lastLocationId)}`;
}
