import type { LocationTable, PageRange } from '../database/location-table.ts';
import type { LabelJudge } from '../locations/label-verdict.ts';
import type { LoopOptions } from './loop-options.ts';
import { retryTransient, unlessStopped } from './retry.ts';
import { type LabelEvidence, type JudgedLabel, weighLabels } from './label-evidence.ts';

/** What a sample is taken with. */
export interface Sampling extends Pick<LoopOptions, 'retry' | 'stop'> {
  readonly throttle: Pick<LoopOptions['throttle'], 'pass'>;
  readonly table: Pick<LocationTable, 'readPage'>;
  /** the highest id */
  readonly last: number;
  readonly judgeLabel: LabelJudge;
}

/** Pages of a sample, and rows a page. */
const pages = 20;
const pageRows = 500;

/**
 * Judges the labels of a sample of the rows that Glance's API shows: the first of each twentieth of the ids, which is
 * all of them where they are few.
 *
 * @returns undefined when the run is to end before the sample is complete
 * @throws DatabaseError when the database fails for good
 */
export async function sampleLabels(sampling: Sampling): Promise<LabelEvidence | undefined> {
  const judged = await unlessStopped(() => judgePages(sampling));
  return judged === 'stopped' ? undefined : weighLabels(judged);
}

async function judgePages(sampling: Sampling): Promise<readonly JudgedLabel[] | 'stopped'> {
  const judged: JudgedLabel[] = [];
  for (const range of spreadRanges(sampling.last)) {
    await sampling.throttle.pass();
    if (sampling.stop.aborted) return 'stopped';
    judged.push(...(await judgePage(sampling, range)));
  }
  return judged;
}

/** Equal parts of the ids up to `last`; of each the beginning is read. Gaps between ids cost nothing. */
export function spreadRanges(last: number): readonly PageRange[] {
  const start = (part: number): number => Math.floor((last * part) / pages);
  return Array.from({ length: pages }, (_, part) => ({
    after: start(part),
    last: start(part + 1),
    limit: pageRows,
  })).filter((range) => range.last > range.after);
}

async function judgePage(
  { table, judgeLabel, ...options }: Sampling,
  range: PageRange,
): Promise<readonly JudgedLabel[]> {
  const scope = { pendingDelete: false, imageIds: undefined };
  const rows = await retryTransient(() => table.readPage(scope, range), options);
  return rows.map((location) => ({
    row: { locationId: location.id, imageId: location.imageId },
    verdict: judgeLabel(location),
  }));
}
