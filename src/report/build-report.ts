import type { Matching } from '../locations/match.ts';
import type { Store } from '../stores/store.ts';
import { costsOf } from './costs.ts';
import type { LargestGroups } from './groups.ts';
import { suggestMap } from './map-suggestion.ts';
import { redactUrl } from './redaction.ts';
import {
  type BackfillReport,
  type Counted,
  type DeviationReport,
  others,
  type ReportedDatabase,
  type StoppedAt,
  type StoppedBy,
  type StoreReport,
  type UnmatchedReport,
  type LabelsReport,
} from './report.ts';
import type { Tally } from './tally.ts';

/** What a report says besides counts. */
export interface RunFacts {
  readonly version: string;
  readonly dryRun: boolean;
  readonly matching: Matching;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly database: ReportedDatabase;
  /** of a dry run: what a run that writes would be refused for */
  readonly refusals: readonly string[];
  /** null when they were not checked */
  readonly labels: LabelsReport | null;
  /** path of the journal; null when none was written */
  readonly journal: string | null;
  readonly stoppedBy: StoppedBy | null;
  readonly stoppedAt: StoppedAt | null;
  readonly exitCode: number;
}

/** Groups a list names one by one; the others share its last entry. */
const mostListed = 50;

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
    labels: facts.labels,
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
