import type { KindUpdate, RowKind } from '../database/location-table.ts';
import type { FindUrlKind } from '../locations/url-kinds.ts';
import { findRowKind, mostKinds } from './row-kind.ts';
import type { PlannedRewrite } from './settle.ts';

/** A kind that a batch's rows are of, and the text that they get. */
type Kind = Pick<KindUpdate, 'kind' | 'metaData'>;

/** A row of a kind: the server can compare it with the plan by itself. Rows of one kind have the same object. */
export interface AlikeRewrite extends PlannedRewrite {
  readonly kind: Kind;
}

/** A batch's rows by how they are written. */
export interface SplitBatch {
  readonly alike: readonly AlikeRewrite[];
  /** rows that are to be looked at under lock */
  readonly others: readonly PlannedRewrite[];
}

/** The share of a batch's rows that must be of kinds for a transaction of their own to pay. */
const worthwhile = 0.5;

/** Rows that one statement may both wait for and write, within the time that `LocationTable.rewrite` may wait. */
const mostRows = 5_000;

/** Splits a batch. Rows keep their order. */
export function splitBatch(batch: readonly PlannedRewrite[], findUrlKind: FindUrlKind): SplitBatch {
  if (batch.length > mostRows) return { alike: [], others: batch };
  const kinds = findKinds(batch, findUrlKind);
  const known = mostFrequent(kinds);
  const alike: AlikeRewrite[] = [];
  const others: PlannedRewrite[] = [];
  for (const [index, row] of batch.entries()) {
    const kind = kinds[index];
    if (kind !== undefined && known.has(kind)) alike.push({ ...row, kind });
    else others.push(row);
  }
  return alike.length < batch.length * worthwhile
    ? { alike: [], others: batch }
    : { alike, others };
}

/** Rows by kind, the most frequent kind first. */
export function groupByKind(rows: readonly AlikeRewrite[]): readonly KindUpdate[] {
  const idsByKind = new Map<Kind, number[]>();
  for (const { kind, location } of rows) {
    const ids = idsByKind.get(kind);
    if (ids === undefined) idsByKind.set(kind, [location.id]);
    else ids.push(location.id);
  }
  const updates = [...idsByKind].map(([kind, ids]) => ({ ...kind, ids }));
  return updates.sort((one, other) => other.ids.length - one.ids.length);
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
    const kind = byText.get(row.metaData) ?? { kind: row, metaData };
    byText.set(row.metaData, kind);
    // Rows of a kind are decided alike; were one not, it would have to be seen.
    return kind.metaData === metaData ? kind : undefined;
  });
}

function mostFrequent(kinds: readonly (Kind | undefined)[]): ReadonlySet<Kind> {
  const rows = new Map<Kind, number>();
  for (const kind of kinds) if (kind !== undefined) rows.set(kind, (rows.get(kind) ?? 0) + 1);
  const sorted = [...rows].sort(([, one], [, other]) => other - one);
  return new Set(sorted.slice(0, mostKinds).map(([kind]) => kind));
}
