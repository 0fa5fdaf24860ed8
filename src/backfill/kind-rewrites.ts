import type { KindUpdate } from '../database/location-table.ts';
import { isRewrite, type Rewrite } from '../locations/decision.ts';
import type { FindUrlKind } from '../locations/url-kinds.ts';
import type { CountedKind, KnownKind } from './known-kinds.ts';
import { findRowKind, kindKey, mostKinds } from './row-kind.ts';
import type { PlannedRewrite } from './decided-row.ts';

/** A kind whose rows are to be written. */
export interface RewriteKind extends KnownKind {
  readonly decision: Rewrite;
}

/** A row to be written of which its kind says all the rest: the server can compare it with the plan by itself. */
export interface RewriteOfKind {
  readonly id: number;
  readonly imageId: string;
  readonly kind: RewriteKind;
}

/** A batch's rows by how they are written. */
export interface SplitBatch {
  /** those of one kind have the same object for it */
  readonly ofKinds: readonly RewriteOfKind[];
  /** rows that are to be looked at under lock */
  readonly others: readonly PlannedRewrite[];
}

/** The share of a batch's rows that must be of kinds for a transaction of their own to pay. */
const worthwhile = 0.5;

/** Rows that one statement may both wait for and write, within the time that `LocationTable.rewrite` may wait. */
const mostRows = 5_000;

/** Whether a kind's rows are to be written. */
export function isRewriteKind(kind: KnownKind): kind is RewriteKind {
  return isRewrite(kind.decision);
}

/** The row with all that is known of it. */
export function toPlanned({ id, imageId, kind }: RewriteOfKind): PlannedRewrite {
  const { url, metaData, decision } = kind;
  const value = url.head + imageId + url.tail;
  return { location: { id, imageId, value, metaData }, decision: { ...decision, url: value } };
}

/** Splits a batch. Rows keep their order. */
export function splitBatch(
  batch: readonly (PlannedRewrite | RewriteOfKind)[],
  findUrlKind: FindUrlKind,
): SplitBatch {
  const asPlanned = (row: PlannedRewrite | RewriteOfKind): PlannedRewrite =>
    'kind' in row ? toPlanned(row) : row;
  if (batch.length > mostRows) return { ofKinds: [], others: batch.map(asPlanned) };
  const found = findKinds(batch, findUrlKind);
  const known = mostFrequent(found.filter((row) => row !== undefined));
  const ofKinds: RewriteOfKind[] = [];
  const others: PlannedRewrite[] = [];
  batch.forEach((row, index) => {
    const ofKind = found[index];
    if (ofKind !== undefined && known.has(ofKind.kind)) ofKinds.push(ofKind);
    else others.push(asPlanned(row));
  });
  if (ofKinds.length < batch.length * worthwhile)
    return { ofKinds: [], others: batch.map(asPlanned) };
  return { ofKinds, others };
}

/** Rows by kind, the most frequent kind first. */
export function groupByKind(rows: readonly RewriteOfKind[]): readonly KindUpdate[] {
  const idsByKind = new Map<RewriteKind, number[]>();
  for (const { kind, id } of rows) {
    const ids = idsByKind.get(kind);
    if (ids === undefined) idsByKind.set(kind, [id]);
    else ids.push(id);
  }
  const updates = [...idsByKind].map(([kind, ids]) => ({
    kind,
    metaData: kind.decision.metaData,
    ids,
  }));
  return updates.sort((one, other) => other.ids.length - one.ids.length);
}

/** A kind, and how many rows of it there are. */
interface KindCount extends CountedKind {
  readonly kind: RewriteKind;
}

/** How many rows there are of each kind. */
export function countKinds(rows: readonly RewriteOfKind[]): readonly KindCount[] {
  const counts = new Map<RewriteKind, number>();
  for (const { kind } of rows) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => ({ kind, count }));
}

/** Each row with its kind, in their order; undefined for a row that is to be looked at. Equal kinds become one. */
function findKinds(
  batch: readonly (PlannedRewrite | RewriteOfKind)[],
  findUrlKind: FindUrlKind,
): readonly (RewriteOfKind | undefined)[] {
  const byContent = new Map<string, RewriteKind>();
  const unify = (kind: RewriteKind): RewriteKind => {
    const content = kindKey(kind);
    const first = byContent.get(content) ?? kind;
    byContent.set(content, first);
    return first;
  };
  const unified = new Map<RewriteKind, RewriteKind>();
  return batch.map((row) => {
    if ('kind' in row) {
      const kind = unified.get(row.kind) ?? unify(row.kind);
      unified.set(row.kind, kind);
      return kind === row.kind ? row : { ...row, kind };
    }
    const { location, decision } = row;
    const found = findRowKind(location, findUrlKind);
    if (found === undefined) return undefined;
    const kind = unify({ ...found, location, decision });
    // Rows of a kind are decided alike; were one not, it would have to be seen.
    if (kind.decision.metaData !== decision.metaData) return undefined;
    return { id: location.id, imageId: location.imageId, kind };
  });
}

function mostFrequent(rows: readonly RewriteOfKind[]): ReadonlySet<RewriteKind> {
  const sorted = [...countKinds(rows)].sort((one, other) => other.count - one.count);
  return new Set(sorted.slice(0, mostKinds).map(({ kind }) => kind));
}
