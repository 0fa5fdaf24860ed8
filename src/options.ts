import type { LoadLimit } from './backfill/server-load.ts';
import type { GivenPath } from './conf/search-paths.ts';
import type { Matching } from './locations/match.ts';

/** What the operator asked for, parsed from the command line by cli-raw-options.ts and trusted below it. */
export interface CommonOptions {
  /** `--config-file` and `--config-dir`, in the order of the command line */
  readonly confPaths: readonly GivenPath[];
  readonly format: 'table' | 'json';
}

/** How stores are chosen, for every command that chooses. */
export interface MatchingOptions {
  readonly matching: Matching;
  /** `--map` as written: `PREFIX=STORE` */
  readonly maps: readonly string[];
  readonly mapFile: string | undefined;
  /** `--rbd-fsid` as written: `STORE=FSID` or `STORE=unreachable` */
  readonly rbdFsids: readonly string[];
}

export interface StoresOptions extends CommonOptions, MatchingOptions {
  readonly showSecrets: boolean;
  /** files of other controllers to compare with */
  readonly compareWith: readonly string[];
  readonly detailedExitcode: boolean;
}

/** Options of every command that writes. */
export interface WritingOptions {
  readonly dryRun: boolean;
  /** `--journal` as written: a file, a directory, or `none`; undefined for the default directory */
  readonly journal: string | undefined;
  readonly detailedExitcode: boolean;
  /** rows; undefined for an adaptive size */
  readonly batchSize: number | undefined;
  /** undefined for what suits the server */
  readonly writers: number | undefined;
  /** rows written per second at most, on average; undefined for no limit */
  readonly maxRate: number | undefined;
  /** the run pauses while the server's status is above one of these */
  readonly maxLoad: readonly LoadLimit[];
  /** how long the run may take (ms); undefined for no limit */
  readonly runTime: number | undefined;
}

export interface BackfillOptions extends CommonOptions, MatchingOptions, WritingOptions {
  /** how many of the newest journals stay after a good run; undefined for all */
  readonly keepJournals: number | undefined;
  /** only these images; undefined for all */
  readonly imageIds: readonly string[] | undefined;
  readonly onlyMissing: boolean;
  /** percent of the labelled rows in a sample that may contradict the configuration */
  readonly maxContradictions: number;
  readonly include: readonly Include[];
  /** rows to write at most; undefined for no limit */
  readonly maxCount: number | undefined;
  readonly reportFile: string | undefined;
  readonly rowsFile: string | undefined;
  readonly metricsFile: string | undefined;
  readonly progress: 'auto' | 'none';
}

export interface ExplainOptions extends CommonOptions, MatchingOptions {
  readonly subject: ExplainSubject;
}

/** What is to be explained: rows of the database, or a URL that need not be there. */
export type ExplainSubject =
  | {
      readonly kind: 'rows';
      readonly locationIds: readonly number[];
      readonly imageIds: readonly string[];
    }
  | { readonly kind: 'url'; readonly url: string; readonly metaData: string };

export interface UndoOptions extends CommonOptions, WritingOptions {
  /** path of the journal to undo */
  readonly undoes: string;
}

/** Rows that a run looks at or changes only on request. */
export const includes = ['pending-delete', 'contradicting'] as const;
export type Include = (typeof includes)[number];

/** Percent of the labelled rows in a sample that may contradict the configuration, unless told otherwise. */
export const usualMaxContradictions = 1;
