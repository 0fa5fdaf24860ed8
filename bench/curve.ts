import { type Bed, checkTable, restoreTable, withBed } from './bed.ts';
import { type CurveCase, curveCloud } from './curve-table.ts';
import type { Figures } from './measure.ts';
import { runBackfill } from './tool.ts';

/** What a case came to at one size. */
export interface CurvePoint {
  readonly name: string;
  readonly rows: number;
  readonly dryRun: readonly Figures[];
  readonly backfill: readonly Figures[];
}

/** The sizes up to the largest, in rows; the largest itself where it is smaller than all of them. */
export function curveSizes(largest: number): readonly number[] {
  const sizes = [10_000, 100_000, 1_000_000, 10_000_000].filter((size) => size <= largest);
  return sizes.length > 0 ? sizes : [largest];
}

/** Times a dry run and a backfill of a case, on a MariaDB of its own. */
export async function measurePoint(
  shape: CurveCase,
  { rows, runs }: { readonly rows: number; readonly runs: number },
): Promise<CurvePoint> {
  const cloud = curveCloud(shape);
  return withBed({ name: 'mariadb', rows, cloud }, async (bed) => {
    const [dryRun, backfill]: [Figures[], Figures[]] = [[], []];
    for (let run = 1; run <= runs; run += 1) {
      await restoreTable(bed);
      dryRun.push(await measureRun(bed, ['--dry-run']));
      backfill.push(await measureRun(bed, ['--journal', bed.workplace.path('journals/')]));
      await checkTable(bed);
    }
    return { name: shape.name, rows, dryRun, backfill };
  });
}

function measureRun(bed: Bed, options: readonly string[]): Promise<Figures> {
  const { rows } = bed;
  return runBackfill(bed, options, { examined: rows, current: 0, assigned: rows, unmatched: 0 });
}
