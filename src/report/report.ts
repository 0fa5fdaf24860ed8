import type { Deviation } from '../locations/decision.ts';
import type { Matching } from '../locations/match.ts';
import type { ContradictingPair } from '../locations/testimony.ts';
import type { Correction } from '../stores/correction.ts';
import type { Store } from '../stores/store.ts';
import { type Costs, costsOf } from './costs.ts';
import type { Example, LargestGroups } from './groups.ts';
import { redactUrl } from './redaction.ts';
import { suggestMap } from './map-suggestion.ts';
import type { Contradiction, Replacement, RowCounts, Tally } from './tally.ts';

/** What ended a run before the table's end. */
export type StoppedBy = 'signal' | 'max-count' | 'run-time' | 'throttle' | 'error';

/** What a report says besides counts. */
export interface RunFacts {
  readonly version: string;
  readonly dryRun: boolean;
  readonly matching: Matching;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly database: { readonly dialect: string; readonly server: string; readonly name: string };
  /** of a dry run: what a run that writes would be refused for */
  readonly refusals: readonly string[];
  /** null when it was not heard */
  readonly witness: WitnessReport | null;
  /** path of the journal; null when none was written */
  readonly journal: string | null;
  readonly stoppedBy: StoppedBy | null;
  readonly stoppedAt: StoppedAt | null;
  readonly exitCode: number;
}

/** What a sample of the rows that were labelled before the run says of the configuration. */
export interface WitnessReport {
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
  readonly database: RunFacts['database'];
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
  readonly witness: WitnessReport | null;
  readonly journal: string | null;
  readonly stoppedBy: StoppedBy | null;
  /** null when the run came to the table's end, or failed */
  readonly stoppedAt: StoppedAt | null;
  readonly exitCode: number;
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

interface Counted {
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

/** A deviation, or those that share the last entry. */
type DeviationReport = Omit<Deviation, 'rule'> & { readonly rule: Correction | typeof others };

/** Groups a list names one by one; the others share its last entry. */
const mostListed = 50;
export const others = '(others)';

/** Puts a run's counts and facts together. No secret gets in: prefixes and URL shapes are redacted. */
export function buildReport(
  tally: Tally,
  stores: readonly Store[],
  facts: RunFacts,
): BackfillReport {
  const seconds = Math.max(0, (facts.finishedAt.getTime() - facts.startedAt.getTime()) / 1000);
  return {
    schema: 'glance-store-backfill/report@1',
    version: facts.version,
    command: 'backfill',
    dryRun: facts.dryRun,
    matching: facts.matching,
    startedAt: facts.startedAt.toISOString(),
    finishedAt: facts.finishedAt.toISOString(),
    seconds,
    rowsPerSecond: seconds === 0 ? 0 : Math.round(tally.rows.examined / seconds),
    database: facts.database,
    rows: tally.rows,
    costs: costsOf(tally),
    stores: stores.filter(({ reserved }) => !reserved).map((store) => storeReport(store, tally)),
    ...reportGroups(tally, stores, facts.matching),
    refusals: facts.refusals,
    witness: facts.witness,
    journal: facts.journal,
    stoppedBy: facts.stoppedBy,
    stoppedAt: facts.stoppedAt,
    exitCode: facts.exitCode,
  };
}

function storeReport({ id, type, urlPrefix }: Store, tally: Tally): StoreReport {
  const counts = tally.stores.get(id) ?? { current: 0, assigned: 0, replaced: 0 };
  return {
    id,
    type,
    urlPrefix: urlPrefix.kind === 'known' ? redactUrl(urlPrefix.value) : null,
    error: urlPrefix.kind === 'known' ? null : urlPrefix.why,
    ...counts,
  };
}

type ReportGroups = Pick<
  BackfillReport,
  | 'replacements'
  | 'unmatched'
  | 'ambiguous'
  | 'unreadable'
  | 'contradicting'
  | 'deviationsFromGlance'
>;

/** Unmatched rows with what would settle them; Glance's own rule takes no `--map`. */
function unmatchedReport(
  { unmatched }: Tally,
  stores: readonly Store[],
  matching: Matching,
): readonly UnmatchedReport[] {
  const all = unmatched.kinds();
  const groups = mapGroups(unmatched.largest(mostListed), (kind) => ({
    shape: kind.shape,
    reason: kind.reason,
    nearestStore: kind.nearestStore,
    remedy: matching === 'glance' ? null : suggestMap(kind, stores, all),
  }));
  return list(groups, { shape: others, reason: others, nearestStore: null, remedy: null });
}

function reportGroups(tally: Tally, stores: readonly Store[], matching: Matching): ReportGroups {
  return {
    replacements: list(tally.replacements.largest(mostListed), {
      previousStore: others,
      store: others,
    }),
    unmatched: unmatchedReport(tally, stores, matching),
    ambiguous: list(
      mapGroups(tally.ambiguous.largest(mostListed), (stores) => ({ stores })),
      { stores: [] },
    ),
    unreadable: list(
      mapGroups(tally.unreadable.largest(mostListed), (reason) => ({ reason })),
      { reason: others },
    ),
    contradicting: list(tally.contradicting.largest(mostListed), {
      store: others,
      matchingStore: others,
    }),
    deviationsFromGlance: list<DeviationReport>(tally.deviations.largest(mostListed), {
      rule: others,
      glanceStore: null,
      store: null,
    }),
  };
}

function mapGroups<T, U>(groups: LargestGroups<T>, map: (of: T) => U): LargestGroups<U> {
  return {
    largest: groups.largest.map(({ of, count, example }) => ({ of: map(of), count, example })),
    others: groups.others,
  };
}

function list<T extends object>(groups: LargestGroups<T>, rest: T): (T & Counted)[] {
  const named = groups.largest.map(({ of, count, example }) => ({ ...of, count, example }));
  return groups.others === 0 ? named : [...named, { ...rest, count: groups.others, example: null }];
}
