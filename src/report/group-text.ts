import { type BackfillReport, others, type UnmatchedReport } from './report.ts';
import { clip } from './text.ts';

/** Why no store matches, naming the nearest one. */
export function describeUnmatched({
  reason,
  nearestStore,
}: Pick<UnmatchedReport, 'reason' | 'nearestStore'>): string {
  return nearestStore === null ? reason : `${reason}; nearest: store ${nearestStore}`;
}

/** How a remedy is to be introduced: nobody but the operator knows that it is right. */
export function introduceRemedy(nearestStore: string | null): string {
  return nearestStore === null
    ? 'If they lie in one enabled store, name it:'
    : `If they do lie in ${nearestStore}:`;
}

/** @param stores of a group; none for the entry that sums up the smaller ones; @param verb of one row `fits` */
export function describeAmbiguous(stores: readonly string[], verb: 'fit' | 'fits' = 'fit'): string {
  return stores.length === 0 ? others : `${verb} ${stores.join(' and ')} equally well`;
}

/** What the rows named, and what they get. */
export function describeReplaced(
  { previousStore, store, example }: BackfillReport['replacements'][number],
  gets: string,
): string {
  return example === null ? others : `named ${clip(previousStore)}, ${gets} ${store}`;
}

/** What the rows name, and where their URLs lie. */
export function describeContradicting({
  store,
  matchingStore,
  example,
}: BackfillReport['contradicting'][number]): string {
  return example === null ? others : `name ${store}, yet the URL lies in ${matchingStore}`;
}

/** The row that stands for its group; one that is gone has no image. */
export function exampleText({
  locationId,
  imageId,
}: {
  readonly locationId: number;
  readonly imageId: string | null;
}): string {
  return `e.g. location ${locationId}${imageId === null ? '' : ` of image ${imageId}`}`;
}
