import type { GivenPath } from './conf/search-paths.ts';

/** What the operator asked for, parsed from the command line by cli.ts and trusted below it. */
export interface CommonOptions {
  /** `--config-file` and `--config-dir`, in the order of the command line */
  readonly confPaths: readonly GivenPath[];
  readonly format: 'table' | 'json';
  readonly showSecrets: boolean;
}

/** How stores are chosen, for every command that chooses. */
export interface MatchingOptions {
  readonly matching: 'corrected' | 'glance';
  /** `--map` as written: `PREFIX=STORE` */
  readonly maps: readonly string[];
  readonly mapFile: string | undefined;
  /** `--rbd-fsid` as written: `STORE=FSID` */
  readonly rbdFsids: readonly string[];
}

export type StoresOptions = CommonOptions & MatchingOptions;

export interface BackfillOptions extends StoresOptions {
  readonly dryRun: boolean;
  /** only these images; undefined for all */
  readonly imageIds: readonly string[] | undefined;
  readonly onlyMissing: boolean;
  readonly include: readonly Include[];
  /** rows; undefined for an adaptive size */
  readonly batchSize: number | undefined;
  /** undefined for what suits the server */
  readonly writers: number | undefined;
  readonly reportFile: string | undefined;
  readonly rowsFile: string | undefined;
  readonly detailedExitcode: boolean;
  readonly progress: 'auto' | 'none';
}

/** Rows that a run looks at or changes only on request. */
export const includes = ['pending-delete', 'contradicting'] as const;
export type Include = (typeof includes)[number];
