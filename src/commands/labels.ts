import { sampleLabels } from '../backfill/label-sample.ts';
import type { LoopOptions } from '../backfill/loop-options.ts';
import { type LabelEvidence, isRefuted, mostNotEnabled } from '../backfill/label-evidence.ts';
import { RefusedError } from '../errors.ts';
import type { BackfillOptions } from '../options.ts';
import { tellPairs } from '../report/pairs-text.ts';
import { nameStore } from '../report/redaction.ts';
import type { LabelsReport } from '../report/report.ts';
import { firstFew, formatCount, plural, printable } from '../report/text.ts';
import type { Judges } from './judges.ts';

/** What the rows that were labelled before the run say of its configuration, and what comes of that. */
export interface CheckedLabels extends LabelEvidence {
  readonly maxContradictions: number;
  /** what a run that writes would be refused with; null when it would not be */
  readonly refusal: string | null;
}

/** What the check goes by. */
export interface LabelSetup {
  readonly options: Pick<BackfillOptions, 'dryRun' | 'include' | 'maxContradictions'>;
  readonly loop: LoopOptions;
  /** the highest id */
  readonly last: number;
  readonly judges: Pick<Judges, 'judgeLabel'>;
}

/**
 * Takes the table for a witness: where rows that are labelled contradict the configuration too often, a run does not
 * begin, and a dry run is told of it. Few images make no difference: what is asked is whether this is the right
 * configuration.
 *
 * @returns undefined when nobody asks, or the run is to end
 * @throws RefusedError that names the stores, DatabaseError when the database fails for good
 */
export async function checkLabels(setup: LabelSetup): Promise<CheckedLabels | undefined> {
  const { options, loop, last, judges } = setup;
  const { dryRun, include, maxContradictions } = options;
  if (include.includes('contradicting')) return undefined;
  const evidence = await sampleLabels({ ...loop, last, judgeLabel: judges.judgeLabel });
  if (evidence === undefined) return undefined;
  const refusal = isRefuted(evidence, maxContradictions)
    ? tellContradictions(evidence, maxContradictions)
    : null;
  if (refusal !== null && !dryRun) throw new RefusedError(`${refusal}; nothing was written`);
  return { ...evidence, maxContradictions, refusal };
}

/** The labels as a report shows them. */
export function toLabelsReport(
  { sampled, labelled, contradicting, notEnabled, pairs }: LabelEvidence,
  maxContradictions: number,
): LabelsReport {
  return { sampled, labelled, contradicting, notEnabled, maxContradictions, pairs };
}

/** What is to be said where most labels name stores that are not enabled; null elsewhere. Such rows are `replaced`. */
export function tellNotEnabled(evidence: LabelEvidence): string | null {
  if (!mostNotEnabled(evidence)) return null;
  const { sampled, notEnabled, notEnabledStores } = evidence;
  const named = firstFew([...new Set(notEnabledStores.map(showLabel))]);
  return (
    `of ${plural(sampled, 'row')} in a sample ${formatCount(notEnabled)} name stores that are not enabled ` +
    `(${named.join(', ')}), more than name enabled ones: does enabled_backends have the ids that Glance uses?`
  );
}

/** What a row names may hold anything, a secret or what drives a terminal included. */
function showLabel(store: string): string {
  return printable(nameStore(JSON.stringify(store)));
}

/** Why the configuration is probably not the right one, and what to do. */
export function tellContradictions(
  { labelled, contradicting, pairs }: LabelEvidence,
  maxPercent: number,
): string {
  const percent = ((100 * contradicting) / labelled).toFixed(1);
  return (
    `this is probably not the configuration that Glance labelled the table with: of ${plural(labelled, 'labelled row')} ` +
    `in a sample ${plural(contradicting, 'row')} (${percent} %) name another store than their URL lies in, ` +
    `and --max-contradictions allows ${maxPercent} %: ${tellPairs(pairs).join('; ')}. ` +
    'Run it with the configuration that glance-api uses ("stores --compare-with" shows where two differ); where this one is ' +
    'right and the labels are wrong, --include contradicting replaces them, and a higher --max-contradictions leaves them'
  );
}
