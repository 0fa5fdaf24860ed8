import { type BatchSize, fixedBatchSize } from '../../src/backfill/batch-size.ts';
import { type BackfillEnding, runBackfill } from '../../src/backfill/backfill.ts';
import { type Clock, realClock } from '../../src/backfill/clock.ts';
import type { Retry, Trouble } from '../../src/backfill/retry.ts';
import type { Throttle } from '../../src/backfill/throttle.ts';
import type { LocationTable } from '../../src/database/location-table.ts';
import { type Journal, noJournal } from '../../src/journal/journal.ts';
import { createClaimTest } from '../../src/locations/claim.ts';
import { createDecider, type DeciderOptions } from '../../src/locations/decide.ts';
import type { Decision } from '../../src/locations/decision.ts';
import { createDecrypter } from '../../src/locations/encryption.ts';
import { createKindMatcher } from '../../src/locations/matcher.ts';
import type { Matcher } from '../../src/locations/match.ts';
import { createMetaDataReader } from '../../src/locations/meta-data.ts';
import { type RowCounts, Tally } from '../../src/report/tally.ts';
import type { Store } from '../../src/stores/store.ts';
import { noThrottle } from './no-throttle.ts';

/** A run of the real loop; a test states only what matters to it. */
export interface RunOptions {
  readonly stores: readonly Store[];
  readonly matching?: 'corrected' | 'glance';
  readonly mode?: 'dry-run' | 'apply';
  readonly encryptionKey?: string | undefined;
  /** rows */
  readonly pageSize?: number;
  /** rows, or what finds them */
  readonly batchSize?: number | BatchSize;
  readonly writers?: number;
  readonly maxCount?: number;
  /** ends the run; a test that gives none lets it come to its end */
  readonly stop?: AbortController;
  readonly journal?: Journal;
  /** false: rows may be counted by the server; then `decisions` lacks those */
  readonly showAll?: boolean;
  readonly throttle?: Throttle;
  /** how to wait before a statement is tried again; in real time unless a test knows better */
  readonly sleep?: Clock['sleep'];
  /** the time that failures are measured by; the real one unless a test is in a hurry */
  readonly clock?: Clock;
  /** takes what the run would tell of failures that last */
  readonly troubles?: (Trouble | 'going on' | 'given up')[];
  /** told each time a statement is to be tried again */
  readonly onRetry?: (message: string) => void;
}

/** What a run came to. */
export interface RunResult {
  readonly rows: Readonly<RowCounts>;
  /** what the lists of a report hold */
  readonly groups: unknown;
  /** the outcome of every row, by location id */
  readonly decisions: ReadonlyMap<number, Decision>;
  readonly ending: BackfillEnding;
}

/** Runs the loop over a table as the command does, without its reports. */
export async function runOn(table: LocationTable, options: RunOptions): Promise<RunResult> {
  const { stores, matching = 'corrected' } = options;
  const matcher = createKindMatcher({ stores, matching, mappings: [] });
  const tally = new Tally([]);
  const decisions = new Map<number, Decision>();
  const ending = await runBackfill({
    table,
    scope: { pendingDelete: false, imageIds: undefined },
    mode: options.mode ?? 'apply',
    last: await table.lastId(),
    decide: createDecider(deciderOptions(table, options, matcher.match)),
    findUrlKind: matcher.findKind,
    pageSize: options.pageSize ?? 5_000,
    maxCount: options.maxCount,
    batchSize: batchSizeOf(options),
    writers: options.writers ?? 2,
    stop: (options.stop ?? new AbortController()).signal,
    retry: retryOf(options),
    throttle: options.throttle ?? noThrottle,
    journal: options.journal ?? noJournal,
    observer: {
      settled(location, decision) {
        tally.add(location, decision);
        if (decisions.has(location.id)) throw new Error(`${location.id} is told twice`);
        decisions.set(location.id, decision);
      },
      counted({ location, decision }, rows) {
        tally.add(location, decision, rows);
      },
      isToBeShown: () => options.showAll ?? true,
      reached: () => undefined,
    },
  });
  return { rows: tally.rows, groups: groupsOf(tally), decisions, ending };
}

function retryOf({ clock = realClock, sleep, onRetry, troubles }: RunOptions): Retry {
  return {
    clock: sleep === undefined ? clock : { now: () => clock.now(), sleep },
    observer: {
      retrying: ({ message }) => onRetry?.(message),
      troubled: (trouble) => troubles?.push(trouble),
      troubleOver: (how) => troubles?.push(how),
    },
  };
}

function batchSizeOf({ batchSize = 1000 }: RunOptions): BatchSize {
  return typeof batchSize === 'number' ? fixedBatchSize(batchSize) : batchSize;
}

function deciderOptions(
  { metaDataCapacity }: LocationTable,
  { stores, matching = 'corrected', encryptionKey }: RunOptions,
  matcher: Matcher,
): DeciderOptions {
  return {
    enabledStoreIds: new Set(stores.filter(({ reserved }) => !reserved).map(({ id }) => id)),
    matcher,
    hasClaim: createClaimTest({ stores, matching }),
    decrypter: createDecrypter(encryptionKey),
    metaDataReader: createMetaDataReader(),
    onlyMissing: false,
    replaceContradicting: false,
    metaDataCapacity,
  };
}

function groupsOf(tally: Tally): unknown {
  const { unmatched, ambiguous, unreadable, deviations, contradicting } = tally;
  return [unmatched, ambiguous, unreadable, deviations, contradicting].map((groups) =>
    groups.largest(1_000),
  );
}
