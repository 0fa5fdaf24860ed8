import { type BatchSize, fixedBatchSize } from '../../src/backfill/batch-size.ts';
import { runBackfill } from '../../src/backfill/backfill.ts';
import type { LocationTable } from '../../src/database/location-table.ts';
import { type Journal, noJournal } from '../../src/journal/journal.ts';
import { createClaimTest } from '../../src/locations/claim.ts';
import { createDecider, type DeciderOptions } from '../../src/locations/decide.ts';
import type { Decision } from '../../src/locations/decision.ts';
import { createDecrypter } from '../../src/locations/encryption.ts';
import { createMatcher } from '../../src/locations/matcher.ts';
import { createMetaDataReader } from '../../src/locations/meta-data.ts';
import { type RowCounts, Tally } from '../../src/report/tally.ts';
import type { Store } from '../../src/stores/store.ts';

/** A run of the real loop; a test states only what matters to it. */
export interface RunOptions {
  readonly stores: readonly Store[];
  readonly matching?: 'corrected' | 'glance';
  readonly mode?: 'dry-run' | 'apply';
  readonly encryptionKey?: string | undefined;
  /** rows, or what finds them */
  readonly batchSize?: number | BatchSize;
  readonly writers?: number;
  readonly journal?: Journal;
  /** told each time a statement is to be tried again */
  readonly onRetry?: (message: string) => void;
}

/** What a run came to. */
export interface RunResult {
  readonly rows: Readonly<RowCounts>;
  /** the outcome of every row, by location id */
  readonly decisions: ReadonlyMap<number, Decision>;
}

/** Runs the loop over a table as the command does, without its reports. */
export async function runOn(table: LocationTable, options: RunOptions): Promise<RunResult> {
  const tally = new Tally([]);
  const decisions = new Map<number, Decision>();
  await runBackfill({
    table,
    scope: { pendingDelete: false, imageIds: undefined },
    mode: options.mode ?? 'apply',
    last: await table.lastId(),
    decide: createDecider(deciderOptions(table, options)),
    batchSize: batchSizeOf(options),
    writers: options.writers ?? 2,
    stop: new AbortController().signal,
    retry: {
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      onRetry: ({ message }) => options.onRetry?.(message),
    },
    journal: options.journal ?? noJournal,
    observer: {
      settled(location, decision) {
        if (decisions.has(location.id)) throw new Error(`${location.id} is told twice`);
        decisions.set(location.id, decision);
        tally.add(location, decision);
      },
      reached: () => undefined,
    },
  });
  return { rows: tally.rows, decisions };
}

function batchSizeOf({ batchSize = 1000 }: RunOptions): BatchSize {
  return typeof batchSize === 'number' ? fixedBatchSize(batchSize) : batchSize;
}

function deciderOptions(
  { metaDataCapacity }: LocationTable,
  { stores, matching = 'corrected', encryptionKey }: RunOptions,
): DeciderOptions {
  return {
    enabledStoreIds: new Set(stores.filter(({ reserved }) => !reserved).map(({ id }) => id)),
    matcher: createMatcher({ stores, matching, mappings: [] }),
    hasClaim: createClaimTest({ stores, matching }),
    decrypter: createDecrypter(encryptionKey),
    metaDataReader: createMetaDataReader(),
    onlyMissing: false,
    replaceContradicting: false,
    metaDataCapacity,
  };
}
