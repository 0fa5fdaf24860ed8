import { plannedIds } from './batch.ts';
import {
  type BatchOutcome,
  type BatchPlan,
  type JournalEntry,
  type JournalHeader,
  type Malformed,
  malformed,
  type Written,
} from './entries.ts';

/** A batch with what became of it; `unknown` when the run ended before it could say. */
export interface JournalBatch {
  readonly kind: 'batch';
  readonly plan: BatchPlan;
  readonly written: Written | 'unknown';
}

/** What one more entry completes, if anything. */
export type Paired =
  | { readonly kind: 'header'; readonly header: JournalHeader }
  | JournalBatch
  | { readonly kind: 'nothing' }
  | Malformed;

/** Pairs plans with outcomes while a journal streams by. */
export interface Pairing {
  accept(entry: JournalEntry): Paired;
  /** when the run ended; null as far as the journal does not say */
  finishedAt(): string | null;
  /** The batches whose outcome never came. */
  unsettled(): readonly JournalBatch[];
}

/** Holds only the plans whose outcome has not come yet: as many as the run had writers. */
export function createPairing(): Pairing {
  const open = new Map<number, BatchPlan>();
  let stage: 'empty' | 'begun' | { readonly finishedAt: string } = 'empty';

  const openPlan = (plan: BatchPlan): Paired => {
    if (open.has(plan.batch)) return malformed(`batch ${plan.batch} is planned twice`);
    open.set(plan.batch, plan);
    return { kind: 'nothing' };
  };
  const closePlan = ({ batch, written }: BatchOutcome): Paired => {
    const plan = open.get(batch);
    if (plan === undefined) return malformed(`batch ${batch} has an outcome and no plan`);
    if (!isPartOf(plan, written)) return malformed(`batch ${batch} wrote a row it did not plan`);
    open.delete(batch);
    return { kind: 'batch', plan, written };
  };

  return {
    accept(entry) {
      if (typeof stage === 'object') return malformed('it stands after the end of the run');
      if ((stage === 'empty') !== (entry.kind === 'header')) return malformed(misplaced(stage));
      switch (entry.kind) {
        case 'header':
          stage = 'begun';
          return entry;
        case 'plan':
          return openPlan(entry.plan);
        case 'outcome':
          return closePlan(entry.outcome);
        case 'finished':
          stage = { finishedAt: entry.at };
          return { kind: 'nothing' };
      }
    },
    finishedAt: () => (typeof stage === 'object' ? stage.finishedAt : null),
    unsettled: () =>
      [...open.values()].map((plan) => ({ kind: 'batch', plan, written: 'unknown' })),
  };
}

function misplaced(stage: 'empty' | 'begun'): string {
  return stage === 'empty' ? 'it begins without a header' : 'it has a second header';
}

function isPartOf(plan: BatchPlan, written: Written): boolean {
  if (typeof written === 'string') return true;
  const planned = new Set(plannedIds(plan));
  return written.every((id) => planned.has(id));
}
