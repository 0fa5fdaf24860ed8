import type { Outcome } from '../locations/decision.ts';
import type { BackfillReport, StoppedBy } from './report.ts';
import { formatCount } from './text.ts';

/** What reports count rows by: their outcomes, and `contradicting` among the current ones. */
type Counted = Outcome | 'contradicting';

/** An outcome as reports tell it. */
export interface OutcomeLine {
  readonly kind: Counted;
  readonly meaning: string;
  /** something to look into where there are any */
  readonly problem: boolean;
}

/** The outcomes to be told, in order: those that occurred, and those that everybody asks for. */
export function listOutcomes(
  rows: BackfillReport['rows'],
  dryRun: boolean,
): readonly OutcomeLine[] {
  return (Object.keys(words) as Counted[]).flatMap((kind) => {
    const { meaning, always, problem } = words[kind];
    if (always !== true && rows[kind] === 0) return [];
    const text = typeof meaning === 'string' ? meaning : meaning[dryRun ? 'dryRun' : 'run'];
    return [{ kind, meaning: text, problem: problem === true }];
  });
}

/** Outcomes of rows that a run could give no store, in the order of the report. */
export const leftOverOutcomes = [
  'unmatched',
  'ambiguous',
  'unreadable',
  'conflicted',
] as const satisfies readonly Outcome[];

/** The same, and that of rows that it was told to leave: all that need a store and stay without. */
export const notGivenOutcomes = ['skipped', ...leftOverOutcomes] as const;

/** How many rows have one of these outcomes. */
export function sumRows(rows: BackfillReport['rows'], kinds: readonly Outcome[]): number {
  return kinds.reduce((sum, kind) => sum + rows[kind], 0);
}

interface OutcomeWords {
  readonly meaning: string | { readonly dryRun: string; readonly run: string };
  /** shown also when there are none; the others only when there are some */
  readonly always?: boolean;
  readonly problem?: boolean;
}

/** In the order of the report. */
const words: Readonly<Record<Counted, OutcomeWords>> = {
  current: { meaning: 'name an enabled store already', always: true },
  assigned: {
    meaning: { dryRun: 'have no store and would get one', run: 'had no store and got one' },
    always: true,
  },
  replaced: {
    meaning: {
      dryRun: 'name a wrong store; it would be replaced',
      run: 'named a wrong store; replaced',
    },
    always: true,
  },
  skipped: { meaning: 'name a store not enabled; left so by --only-missing' },
  unmatched: { meaning: 'fit no store; left as they are', always: true, problem: true },
  ambiguous: { meaning: 'fit several stores equally; left as they are', problem: true },
  unreadable: { meaning: 'cannot be read; left as they are', problem: true },
  conflicted: { meaning: 'removed, changed or locked while the run went on', problem: true },
  contradicting: { meaning: 'current, yet the URL lies in another store', problem: true },
};

const stops: Readonly<Record<StoppedBy, string>> = {
  signal: 'stopped by a signal',
  'max-count': 'stopped by --max-count',
  'run-time': 'stopped by --run-time',
  throttle: 'stopped, as the database was too busy for too long,',
  error: 'stopped by an error',
};

type Stop = Pick<BackfillReport, 'stoppedBy' | 'stoppedAt'>;

/** `stopped by --run-time at location id 5 of 10`; null for a run that came to the table's end. */
export function stopReason({ stoppedBy, stoppedAt }: Stop): string | null {
  return stoppedBy === null ? null : stops[stoppedBy] + stopPlace(stoppedAt);
}

/** What ended a run early, and where, in a sentence; null for one that came to the table's end. */
export function stopText(stop: Stop): string | null {
  const reason = stopReason(stop);
  if (reason === null) return null;
  const advice = stop.stoppedBy === 'error' ? '' : ': run it again to go on';
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}; not all rows further on were looked at${advice}.`;
}

/** ` at location id 5 of 10`; nothing where it is not known */
function stopPlace(stoppedAt: BackfillReport['stoppedAt']): string {
  if (stoppedAt === null) return '';
  const { locationId, lastLocationId } = stoppedAt;
  return ` at location id ${formatCount(locationId)} of ${formatCount(lastLocationId)}`;
}
