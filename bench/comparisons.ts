import { programPath } from '../test/support/cli.ts';
import { type Bed, type BedName, checkTable, restoreTable, withPurge } from './bed.ts';
import { runGlance } from './glance.ts';
import { type Figures, measureProcess } from './measure.ts';
import { rowsLeftOver, runDump, runRowAtATime, runUpdate, runUpdatePerStore } from './rivals.ts';
import type { Limits } from './statistics.ts';
import { countRows, countRowsAfter } from './table.ts';
import { runBackfill } from './tool.ts';

/** What is measured: it makes the table ready, runs, and sees to the result; the figures are of the run alone. */
export type Contender = (bed: Bed) => Promise<Figures>;

/** The tool beside something else that does the same work. */
export interface Comparison {
  /** for `--only` */
  readonly name: string;
  readonly bed: BedName;
  readonly tool: Contender;
  readonly rival: Contender;
  readonly rivalName: string;
  /** for the time of the tool divided by that of the rival; without, the comparison only informs */
  readonly limits?: Limits;
}

/** A run that writes all rows, from the table as it was before any run. */
function writing(run: Contender, left: (rows: number) => number = () => 0): Contender {
  return async (bed) => {
    await restoreTable(bed);
    const figures = await withPurge(bed, run);
    await checkTable(bed, left(bed.rows));
    return figures;
  };
}

/** Glance's own update looks after its result itself, and after few rows. */
async function glanceLazily(bed: Bed): Promise<Figures> {
  await restoreTable(bed);
  return runGlance(bed);
}

/** A run that reads the table as it stands before or after a backfill. */
function reading(state: 'before' | 'after', run: Contender): Contender {
  return async (bed) => {
    await restoreTable(bed, state);
    return run(bed);
  };
}

/** A whole backfill; the journal goes into the bed's folder. */
export const backfill = writing((bed) =>
  runBackfill(bed, ['--journal', bed.workplace.path('journals/')], countRows(bed.rows)),
);
const dryRun = reading('before', (bed) => runBackfill(bed, ['--dry-run'], countRows(bed.rows)));
const idleRun = reading('after', (bed) =>
  runBackfill(bed, ['--journal', bed.workplace.path('journals/')], countRowsAfter(bed.rows)),
);

const oneUpdate = { rival: writing(runUpdate), rivalName: 'one UPDATE' };
const likeUpdate: Limits = { goal: 0.7, must: 1.1 };

/** The one that needs Glance. */
export const backfillGlance = 'backfill-glance';

export const comparisons: readonly Comparison[] = [
  { name: 'backfill', bed: 'mariadb', tool: backfill, ...oneUpdate, limits: likeUpdate },
  {
    name: 'backfill-per-store',
    bed: 'mariadb',
    tool: backfill,
    rival: writing(runUpdatePerStore),
    rivalName: 'one UPDATE per store',
  },
  {
    name: 'backfill-row-at-a-time',
    bed: 'mariadb',
    tool: backfill,
    rival: writing(runRowAtATime, rowsLeftOver),
    rivalName: 'row at a time',
  },
  {
    name: backfillGlance,
    bed: 'mariadb',
    tool: backfill,
    rival: glanceLazily,
    rivalName: "Glance's lazy update",
    // 2,000 and 500 times as fast.
    limits: { goal: 0.0005, must: 0.002 },
  },
  {
    name: 'dry-run',
    bed: 'mariadb',
    tool: dryRun,
    rival: reading('before', runDump),
    rivalName: 'mariadb --quick',
    limits: { goal: 1, must: 1.4 },
  },
  {
    name: 'second-run',
    bed: 'mariadb',
    tool: idleRun,
    rival: reading('after', runDump),
    rivalName: 'mariadb --quick',
    limits: { goal: 0.5, must: 0.8 },
  },
  ...(['version', 'stores'] as const).map(startOf),
  {
    name: 'backfill-binlog',
    bed: 'mariadb-binlog',
    tool: backfill,
    ...oneUpdate,
    limits: likeUpdate,
  },
  {
    name: 'backfill-postgresql',
    bed: 'postgresql',
    tool: backfill,
    ...oneUpdate,
    limits: { goal: 0.7, must: 1 },
  },
];

/** What a command costs that touches no row. It needs no server, only the configuration. */
function startOf(command: 'version' | 'stores'): Comparison {
  const args = { version: ['--version'], stores: ['stores', '--config-file'] }[command];
  return {
    name: command,
    bed: 'mariadb',
    tool: (bed) => start(bed, [programPath, ...args, ...(command === 'stores' ? [bed.conf] : [])]),
    rival: (bed) => start(bed, ['-e', '0']),
    rivalName: 'node -e 0',
    limits: { version: { goal: 3, must: 4 }, stores: { goal: 6, must: 8 } }[command],
  };
}

async function start(bed: Bed, args: readonly string[]): Promise<Figures> {
  const command = [process.execPath, ...args] as const;
  const { figures } = await measureProcess(command, { cwd: bed.workplace.folder });
  return { ...figures, rows: 0 };
}
