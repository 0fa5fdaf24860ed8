import type { Deviation } from '../locations/decision.ts';
import type { Matching } from '../locations/match.ts';
import type { ContradictingPair } from '../locations/label-verdict.ts';
import type { Correction } from '../stores/correction.ts';
import type { Costs } from './costs.ts';
import type { Example } from './groups.ts';
import type { Contradiction, Replacement, RowCounts } from './tally.ts';

/** What ended a run before the table's end. */
export type StoppedBy = 'signal' | 'max-count' | 'run-time' | 'throttle' | 'error';

/** What a sample of the rows that were labelled before the run says of the configuration. */
export interface LabelsReport {
  readonly sampled: number;
  readonly labelled: number;
  readonly contradicting: number;
  /** rows that name a store that is not enabled: none of `labelled` */
  readonly notEnabled: number;
  /** percent of `labelled` that may contradict */
  readonly maxContradictions: number;
  /** the contradicting rows by the two stores, most frequent first */
  readonly pairs: readonly ContradictingPair[];
}

/** How far a run came that was ended in good order. */
export interface StoppedAt {
  /** every row in scope up to this id has been looked at */
  readonly locationId: number;
  /** the highest id of the table when the run began */
  readonly lastLocationId: number;
}

/** The result of `backfill`: what `-f json` prints and a `.json` report file holds (docs/report.schema.json). */
export interface BackfillReport {
  readonly schema: 'glance-store-backfill/report@1';
  readonly version: string;
  readonly command: 'backfill';
  readonly dryRun: boolean;
  readonly matching: Matching;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  readonly database: ReportedDatabase;
  readonly rows: Readonly<RowCounts>;
  readonly costs: Costs;
  readonly stores: readonly StoreReport[];
  readonly replacements: readonly (Counted & Replacement)[];
  readonly unmatched: readonly UnmatchedReport[];
  readonly ambiguous: readonly (Counted & { readonly stores: readonly string[] })[];
  readonly unreadable: readonly (Counted & { readonly reason: string })[];
  readonly contradicting: readonly (Counted & Contradiction)[];
  readonly deviationsFromGlance: readonly (Counted & DeviationReport)[];
  readonly refusals: readonly string[];
  readonly labels: LabelsReport | null;
  readonly journal: string | null;
  readonly stoppedBy: StoppedBy | null;
  /** null when the run came to the table's end, or failed */
  readonly stoppedAt: StoppedAt | null;
  readonly exitCode: number;
}

/** The database a run was on. */
export interface ReportedDatabase {
  readonly dialect: string;
  readonly server: string;
  readonly name: string;
}

/** One enabled store and the rows that name it. */
export interface StoreReport {
  readonly id: string;
  readonly type: string;
  /** Glance's own prefix, redacted; null where Glance has none, or it is not known here */
  readonly urlPrefix: string | null;
  readonly error: string | null;
  readonly current: number;
  readonly assigned: number;
  readonly replaced: number;
}

/** A group of rows that a list names. */
export interface Counted {
  readonly count: number;
  /** null in the entry that sums up the smaller groups */
  readonly example: Example | null;
}

/** Unmatched rows whose URLs have one shape. */
export interface UnmatchedReport extends Counted {
  readonly shape: string;
  readonly reason: string;
  readonly nearestStore: string | null;
  /** the option that would settle them, for a shell; null where none would, or not them alone */
  readonly remedy: string | null;
}

/** What the entry is called that sums up the smaller groups of a list. */
export const others = '(others)';

/** A deviation, or those that share the last entry. */
export type DeviationReport = Omit<Deviation, 'rule'> & {
  readonly rule: Correction | typeof others;
};
