import type { KindUpdate, RowKind } from '../database/location-table.ts';
import type { FindUrlKind } from '../locations/url-kinds.ts';
import { findRowKind, mostKinds } from './row-kind.ts';
import type { PlannedRewrite } from './settle.ts';

/** A batch's rows by how they are written. */
export interface SplitBatch {
  /** rows of kinds: the server can compare them with the plan by itself */
  readonly alike: readonly PlannedRewrite[];
  /** rows that are to be looked at under lock */
  readonly others: readonly PlannedRewrite[];
}

/** The share of a batch's rows that must be of kinds for a transaction of their own to pay. */
const worthwhile = 0.5;

/** Rows that one statement may both wait for and write, within the time that `LocationTable.rewrite` may wait. */
const mostRows = 5_000;

/** Splits a batch. Rows keep their order. */
export function splitBatch(batch: readonly PlannedRewrite[], findUrlKind: FindUrlKind): SplitBatch {
  const kinds = batch.length > mostRows ? [] : findKinds(batch, findUrlKind);
  const known = new Set(mostFrequent(kinds));
  const isAlike = (_: PlannedRewrite, index: number): boolean => {
    const kind = kinds[index];
    return kind !== undefined && known.has(kind);
  };
  const alike = batch.filter(isAlike);
  if (alike.length < batch.length * worthwhile) return { alike: [], others: batch };
  return { alike, others: batch.filter((row, index) => !isAlike(row, index)) };
}

/** The rows of `alike`, or of a part of it, by kind; the most frequent kind first. */
export function groupByKind(
  rows: readonly PlannedRewrite[],
  findUrlKind: FindUrlKind,
): readonly KindUpdate[] {
  return mostFrequent(findKinds(rows, findUrlKind));
}

/** A kind in a batch. */
interface Kind extends KindUpdate {
  readonly ids: number[];
}

/** The kind of each row, in their order; undefined for a row that is to be looked at. */
function findKinds(
  batch: readonly PlannedRewrite[],
  findUrlKind: FindUrlKind,
): readonly (Kind | undefined)[] {
  const byUrl = new Map<RowKind['url'], Map<string, Kind>>();
  return batch.map(({ location, decision: { metaData } }) => {
    const row = findRowKind(location, findUrlKind);
    if (row === undefined) return undefined;
    const byText = byUrl.get(row.url) ?? new Map<string, Kind>();
    byUrl.set(row.url, byText);
    const kind = byText.get(row.metaData) ?? { kind: row, metaData, ids: [] };
    byText.set(row.metaData, kind);
    // Rows of a kind are decided alike; were one not, it would have to be seen.
    if (kind.metaData !== metaData) return undefined;
    kind.ids.push(location.id);
    return kind;
  });
}

function mostFrequent(kinds: readonly (Kind | undefined)[]): readonly Kind[] {
  const distinct = [...new Set(kinds)].filter((kind) => kind !== undefined);
  return distinct.sort((a, b) => b.ids.length - a.ids.length).slice(0, mostKinds);
}
