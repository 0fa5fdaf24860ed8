/** What the operator asked for, parsed from the command line by cli.ts and trusted below it. */

export interface CommonOptions {
  readonly configFiles: readonly string[];
  readonly configDirs: readonly string[];
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

export interface BackfillOptions extends CommonOptions, MatchingOptions {
  readonly dryRun: boolean;
  /** only these images; empty for all */
  readonly imageIds: readonly string[];
  readonly onlyMissing: boolean;
  readonly include: readonly Include[];
  /** rows; undefined for an adaptive size */
  readonly batchSize: number | undefined;
  readonly writers: number;
  readonly reportFile: string | undefined;
  readonly rowsFile: string | undefined;
  readonly detailedExitcode: boolean;
  readonly progress: 'auto' | 'none';
}

export const includes = ['pending-delete', 'contradicting'] as const;
export type Include = (typeof includes)[number];
