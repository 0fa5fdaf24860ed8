/** The least, the middle and the largest of some figures, in their unit. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** The spread of at least one figure; of an even count the median is the mean of the middle two. Throws without any. */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = [...figures].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error('no figures');
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? min;
  const upper = sorted[Math.ceil((sorted.length - 1) / 2)] ?? max;
  return { min, median: (lower + upper) / 2, max };
}

/** What a figure is to stay at or below. */
export interface Limits {
  readonly goal: number;
  readonly must: number;
}

export type Verdict = 'goal' | 'must' | 'missed' | 'informative';

/** Which limit a figure keeps; without limits it only informs. */
export function verdictOf(figure: number, limits: Limits | undefined): Verdict {
  if (limits === undefined) return 'informative';
  if (figure <= limits.goal) return 'goal';
  return figure <= limits.must ? 'must' : 'missed';
}
