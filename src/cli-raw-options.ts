import type { LoadLimit } from './backfill/server-load.ts';
import type { GivenPath } from './conf/search-paths.ts';
import { UsageError } from './errors.ts';
import {
  type BackfillOptions,
  type CommonOptions,
  type ExplainOptions,
  type ExplainSubject,
  type Include,
  type MatchingOptions,
  type StoresOptions,
  type UndoOptions,
  usualMaxContradictions,
  type WritingOptions,
} from './options.ts';

/** What commander makes of the options that every command has. */
export interface RawCommonOptions {
  readonly configFile?: GivenPath[];
  readonly configDir?: GivenPath[];
  readonly format: 'table' | 'json';
  readonly quiet?: true;
  readonly verbose?: true;
}

interface RawMatchingOptions extends RawCommonOptions {
  readonly matching: 'corrected' | 'glance';
  readonly map?: string[];
  readonly mapFile?: string;
  readonly rbdFsid?: string[];
}

/** What commander makes of the options of `stores`. */
export interface RawStoresOptions extends RawMatchingOptions {
  readonly showSecrets?: true;
  readonly compareWith?: string[];
  readonly detailedExitcode?: true;
}

/** What commander makes of the options of `explain`. */
export interface RawExplainOptions extends RawMatchingOptions {
  readonly image?: string[];
  readonly location?: number[];
  readonly url?: string;
  readonly metaData?: string;
}

interface RawWritingOptions {
  readonly dryRun?: true;
  readonly journal?: string;
  readonly detailedExitcode?: true;
  readonly batchSize?: number;
  readonly writers?: number;
  readonly maxRate?: number;
  readonly maxLoad?: LoadLimit[];
  readonly runTime?: number;
}

/** What commander makes of the options of `undo`. */
export interface RawUndoOptions extends RawCommonOptions, RawWritingOptions {}

/** What commander makes of the options of `backfill`. */
export interface RawBackfillOptions extends RawMatchingOptions, RawWritingOptions {
  readonly keepJournals?: number;
  readonly image?: string[];
  readonly onlyMissing?: true;
  readonly include?: Include[];
  readonly maxContradictions?: number;
  readonly maxCount?: number;
  readonly reportFile?: string;
  readonly rowsFile?: string;
  readonly metricsFile?: string;
  readonly progress: 'auto' | 'none';
}

/** The options in the program's own terms. */
export function storesOptions(raw: RawStoresOptions): StoresOptions {
  return {
    ...matchingOptions(raw),
    showSecrets: raw.showSecrets ?? false,
    compareWith: raw.compareWith ?? [],
    detailedExitcode: raw.detailedExitcode ?? false,
  };
}

/** As `storesOptions`, for `explain`. @throws UsageError unless it is told what to explain, in one way */
export function explainOptions(raw: RawExplainOptions): ExplainOptions {
  return { ...matchingOptions(raw), subject: explainSubject(raw) };
}

/** As `storesOptions`, for `backfill`. */
export function backfillOptions(raw: RawBackfillOptions): BackfillOptions {
  return {
    ...matchingOptions(raw),
    ...writingOptions(raw),
    keepJournals: raw.keepJournals,
    imageIds: raw.image,
    onlyMissing: raw.onlyMissing ?? false,
    include: raw.include ?? [],
    maxContradictions: raw.maxContradictions ?? usualMaxContradictions,
    maxCount: raw.maxCount,
    reportFile: raw.reportFile,
    rowsFile: raw.rowsFile,
    metricsFile: raw.metricsFile,
    progress: raw.progress,
  };
}

/** As `storesOptions`, for `undo` of the journal at this path. */
export function undoOptions(undoes: string, raw: RawUndoOptions): UndoOptions {
  return { ...commonOptions(raw), ...writingOptions(raw), undoes };
}

function explainSubject({ image, location, url, metaData }: RawExplainOptions): ExplainSubject {
  const hasRows = image !== undefined || location !== undefined;
  if (!hasRows && url === undefined) {
    throw new UsageError('explain what? Give --image or --location (repeatable), or --url');
  }
  if (hasRows && url !== undefined) {
    throw new UsageError('--url goes without --image and --location; leave one out');
  }
  if (url !== undefined) return { kind: 'url', url, metaData: metaData ?? '{}' };
  if (metaData !== undefined) {
    throw new UsageError('--meta-data goes with --url only: a row has its own; leave it out');
  }
  return { kind: 'rows', locationIds: location ?? [], imageIds: image ?? [] };
}

function matchingOptions(raw: RawMatchingOptions): CommonOptions & MatchingOptions {
  return {
    ...commonOptions(raw),
    matching: raw.matching,
    maps: raw.map ?? [],
    mapFile: raw.mapFile,
    rbdFsids: raw.rbdFsid ?? [],
  };
}

/** Both options gather in one list, so that it does not matter which of them holds it. */
function commonOptions({ configFile, configDir, format }: RawCommonOptions): CommonOptions {
  return { confPaths: configFile ?? configDir ?? [], format };
}

function writingOptions(raw: RawWritingOptions): WritingOptions {
  return {
    dryRun: raw.dryRun ?? false,
    journal: raw.journal,
    detailedExitcode: raw.detailedExitcode ?? false,
    batchSize: raw.batchSize,
    writers: raw.writers,
    maxRate: raw.maxRate,
    maxLoad: raw.maxLoad ?? [],
    runTime: raw.runTime,
  };
}
