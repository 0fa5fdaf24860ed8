import { rewrittenRows, type Tally } from './tally.ts';

/** A number of locations as the run found them, and once it is done (after a dry run: once a run has written). */
export interface BeforeAndAfter {
  readonly before: number;
  readonly after: number;
}

/** What Glance has to do for locations that name no store, or one that is not enabled. */
export interface Costs {
  /** no enabled store is named: each GET of the image works out the store anew, until one may save it */
  readonly recomputedOnGet: BeforeAndAfter;
  /** no store is named: the image list's `stores` lacks them */
  readonly absentFromImageList: BeforeAndAfter;
  /** no store is named: to delete them, the scrubber tries the enabled stores one after the other */
  readonly searchedByScrubber: BeforeAndAfter;
}

/**
 * What it costs to leave the rows as they are, counted in locations. What cannot be read is not counted: there a GET
 * fails. Upstream: glance/location.py, ImageRepoProxy.get; glance/api/v2/images.py, ResponseSerializer;
 * glance/scrubber.py and glance_store/multi_backend.py, delete.
 */
export function costsOf({
  rows,
  storeless,
  relabelled,
}: Pick<Tally, 'rows' | 'storeless' | 'relabelled'>): Costs {
  const stay = rows.skipped + rows.unmatched + rows.ambiguous;
  const absent = { before: storeless.found, after: storeless.left };
  return {
    recomputedOnGet: { before: rewrittenRows(rows) - relabelled + stay, after: stay },
    absentFromImageList: absent,
    searchedByScrubber: absent,
  };
}

/** The costs in an operator's words, `before` and `after` each; what is named is always a number of locations. */
export function listCosts(
  costs: Costs,
): readonly (BeforeAndAfter & { readonly meaning: string })[] {
  return [
    { ...costs.recomputedOnGet, meaning: 'their store is computed anew on each GET' },
    { ...costs.absentFromImageList, meaning: "missing in the image list's stores" },
    { ...costs.searchedByScrubber, meaning: 'the scrubber searches all stores' },
  ];
}
