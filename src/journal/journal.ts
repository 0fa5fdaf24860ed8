import type { BatchOutcome, BatchPlan } from './entries.ts';

/** Where a run writes down what it is about to change. Every method may throw JournalError. */
export interface Journal {
  /** where the journal is; null while there is none */
  path(): string | null;
  /** Resolves when the plan would survive a loss of power; only then may the batch's transaction begin. */
  plan(plan: BatchPlan): Promise<void>;
  /** Notes what became of a batch. A loss of power may take the note back: `undo` then looks at `updated_at`. */
  outcome(outcome: BatchOutcome): Promise<void>;
  /** Notes that the run has ended, and closes the file. Call it once, when no batch is under way. */
  close(): Promise<void>;
}

/** For `--journal none`: keeps nothing. */
export const noJournal: Journal = {
  path: () => null,
  plan: () => Promise.resolve(),
  outcome: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** A journal that is opened just before the first plan, so that a run with nothing to write leaves none. */
export function lazyJournal(open: () => Promise<Journal>): Journal {
  let opening: Promise<Journal> | undefined;
  let opened: Journal | undefined;

  const openOnce = (): Promise<Journal> =>
    (opening ??= open().then((journal) => (opened = journal)));

  return {
    path: () => opened?.path() ?? null,
    plan: async (plan) => (await openOnce()).plan(plan),
    outcome: async (outcome) => (await openOnce()).outcome(outcome),
    close: async () => opened?.close(),
  };
}
