import type { LocationTable, PageRange } from '../database/location-table.ts';
import type { Hearing } from '../locations/testimony.ts';
import type { LoopOptions } from './loop-options.ts';
import { retryTransient, unlessStopped } from './retry.ts';
import { type Evidence, type Heard, weighEvidence } from './witness.ts';

/** What a sample is taken with. */
export interface Sampling extends Pick<LoopOptions, 'retry' | 'stop'> {
  readonly throttle: Pick<LoopOptions['throttle'], 'pass'>;
  readonly table: Pick<LocationTable, 'readPage'>;
  /** the highest id */
  readonly last: number;
  readonly hear: Hearing;
}

/** Pages of a sample, and rows a page. */
const pages = 20;
const pageRows = 500;

/**
 * Hears a sample of the rows that Glance's API shows: the first of each twentieth of the ids, which is all of them
 * where they are few.
 *
 * @returns undefined when the run is to end before the sample is complete
 * @throws DatabaseError when the database fails for good
 */
export async function sampleTable(sampling: Sampling): Promise<Evidence | undefined> {
  const heard = await unlessStopped(() => hearPages(sampling));
  return heard === 'stopped' ? undefined : weighEvidence(heard);
}

async function hearPages(sampling: Sampling): Promise<readonly Heard[] | 'stopped'> {
  const heard: Heard[] = [];
  for (const range of spreadRanges(sampling.last)) {
    await sampling.throttle.pass();
    if (sampling.stop.aborted) return 'stopped';
    heard.push(...(await hearPage(sampling, range)));
  }
  return heard;
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

async function hearPage(
  { table, hear, ...options }: Sampling,
  range: PageRange,
): Promise<readonly Heard[]> {
  const scope = { pendingDelete: false, imageIds: undefined };
  const rows = await retryTransient(() => table.readPage(scope, range), options);
  return rows.map((location) => ({
    row: { locationId: location.id, imageId: location.imageId },
    testimony: hear(location),
  }));
}
