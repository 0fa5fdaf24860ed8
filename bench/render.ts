import type { CurvePoint } from './curve.ts';
import type { Figures } from './measure.ts';
import { type Limits, spreadOf, verdictOf } from './statistics.ts';

/** A comparison with what its runs came to; both sides ran equally often. */
export interface ComparisonResult {
  readonly name: string;
  readonly bed: string;
  readonly rivalName: string;
  readonly limits?: Limits | undefined;
  readonly tool: readonly Figures[];
  readonly rival: readonly Figures[];
}

/** The largest resident size of a backfill of so many rows. */
export interface MemoryResult {
  readonly rows: number;
  readonly peakBytes: number;
}

/** All that a benchmark came to. */
export interface BenchResult {
  /** what it ran on: name and version */
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly runs: number;
  readonly comparisons: readonly ComparisonResult[];
  readonly memory: readonly MemoryResult[];
  /** what was left out, and why */
  readonly notes: readonly string[];
}

/** What the runs of a cost curve came to. */
export interface CurveResult {
  readonly versions: BenchResult['versions'];
  readonly runs: number;
  readonly points: readonly CurvePoint[];
}

/** The result as a Markdown document. */
export function renderMarkdown(result: BenchResult): string {
  const { versions, rows, runs, comparisons, memory, notes } = result;
  return [
    '# Benchmark',
    '',
    `${count(rows)} rows, ${runs} runs a side, one beside the other. Times are medians (least to most).`,
    '',
    ...versionLines(versions),
    ...(comparisons.length > 0
      ? [...table(comparisonHead, comparisons.map(comparisonRow)), '']
      : []),
    ...(memory.length > 0 ? [...table(memoryHead, memoryRows(memory)), ''] : []),
    ...notes.flatMap((note) => [note, '']),
  ].join('\n');
}

/** The result of `--curve` as a Markdown document. */
export function renderCurve({ versions, runs, points }: CurveResult): string {
  const rows = points.map((point) => [
    ...[point.name, count(point.rows), seconds(point.dryRun), rate(point.dryRun)],
    ...[peak(point.dryRun), seconds(point.backfill), rate(point.backfill), peak(point.backfill)],
  ]);
  return [
    '# Cost curve',
    '',
    `MariaDB, ${runs} runs each. Times are medians (least to most), memory is the largest.`,
    '',
    ...versionLines(versions),
    ...table(curveHead, rows),
    '',
  ].join('\n');
}

function versionLines(versions: BenchResult['versions']): readonly string[] {
  return [...Object.entries(versions).map(([name, version]) => `- ${name}: ${version}`), ''];
}

const comparisonHead = [
  ...['what', 'server', 'tool', 'until purged', 'rows/s', 'CPU', 'memory'],
  ...['rival', 'its time', 'until purged', 'its rows/s', 'ratio', 'goal, must', 'verdict'],
];
const curveHead = [
  ...['rows like', 'rows', 'dry run', 'rows/s', 'memory', 'backfill', 'rows/s', 'memory'],
];
const memoryHead = ['backfill of', 'peak memory', 'growth', 'verdict'];

/** A ratio of medians, of seconds for each row where rows have a part: a rival may do with fewer rows. */
export function ratioOf({ tool, rival }: Pick<ComparisonResult, 'tool' | 'rival'>): number {
  const cost = (figures: readonly Figures[]) =>
    spreadOf(figures.map(({ seconds, rows }) => seconds / Math.max(rows, 1))).median;
  return cost(tool) / cost(rival);
}

function comparisonRow(result: ComparisonResult): readonly string[] {
  const { name, bed, tool, rival, rivalName, limits } = result;
  const ratio = ratioOf(result);
  return [
    ...[name, bed, seconds(tool), purged(tool), rate(tool), cpu(tool), peak(tool)],
    ...[rivalName, seconds(rival), purged(rival), rate(rival), ratioText(ratio)],
    limits === undefined ? '–' : `${limits.goal}, ${limits.must}`,
    verdictOf(ratio, limits),
  ];
}

const mebibyte = 1024 * 1024;
/** In MiB, and in MiB more than with the fewest rows. */
const memoryLimit = 150;
const growthLimit = 15;

function memoryRows(memory: readonly MemoryResult[]): readonly (readonly string[])[] {
  const least = memory[0]?.peakBytes ?? 0;
  return memory.map(({ rows, peakBytes }) => {
    const [peakSize, growth] = [peakBytes / mebibyte, (peakBytes - least) / mebibyte];
    const keeps = peakSize <= memoryLimit && growth <= growthLimit;
    return [
      `${count(rows)} rows`,
      `${peakSize.toFixed(0)} MiB`,
      `${growth.toFixed(0)} MiB`,
      keeps ? 'must' : 'missed',
    ];
  });
}

function seconds(figures: readonly Figures[]): string {
  const { min, median, max } = spreadOf(figures.map((each) => each.seconds));
  return `${decimals(median)} s (${decimals(min)}–${decimals(max)})`;
}

/** Unknown when it is of a single run. */
function purged(figures: readonly Figures[]): string {
  const known = figures.flatMap(({ purgedSeconds }) => purgedSeconds ?? []);
  if (known.length < figures.length) return '–';
  return `${decimals(spreadOf(known).median)} s`;
}

/** A rival hundreds of times slower has its digits, too. */
function ratioText(ratio: number): string {
  return ratio < 0.1 ? ratio.toPrecision(2) : decimals(ratio);
}

function rate(figures: readonly Figures[]): string {
  const { median } = spreadOf(figures.map((each) => each.rows / each.seconds));
  return median === 0 ? '–' : count(Math.round(median));
}

function cpu(figures: readonly Figures[]): string {
  const known = figures.flatMap(({ cpuSeconds }) => cpuSeconds ?? []);
  return known.length === 0 ? '–' : `${decimals(spreadOf(known).median)} s`;
}

function peak(figures: readonly Figures[]): string {
  const known = figures.flatMap(({ peakBytes }) => peakBytes ?? []);
  return known.length === 0 ? '–' : `${(spreadOf(known).max / mebibyte).toFixed(0)} MiB`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

const decimals = (figure: number) => figure.toFixed(2);
const count = (figure: number) => figure.toLocaleString('en-US');
