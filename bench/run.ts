/** `npm run bench`: the tool beside its rivals or, with `--curve`, by itself at several sizes. Results go to stdout, what is going on to stderr. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { projectRoot } from '../test/support/cli.ts';
import { type Bed, withBed } from './bed.ts';
import { backfill, backfillGlance, type Comparison, comparisons } from './comparisons.ts';
import { curveCases } from './curve-table.ts';
import { type CurvePoint, curveSizes, measurePoint } from './curve.ts';
import { findGlance } from './glance.ts';
import type { Figures } from './measure.ts';
import { readOptions } from './options.ts';
import {
  type BenchResult,
  type ComparisonResult,
  type CurveResult,
  type MemoryResult,
  renderCurve,
  renderMarkdown,
} from './render.ts';

const memory = 'memory';
const noGlance =
  "Glance's own lazy update was left out: it needs Debian's packages python3-glance and python3-pymysql.";
const options = readOptions(process.argv.slice(2), {
  comparisons: [...comparisons.map(({ name }) => name), memory],
  curve: curveCases.map(({ name }) => name),
});
const isWanted = (name: string) => options.only?.includes(name) ?? true;
if (options.curve) {
  const curve = await measureCurve();
  publish('curve', curve, renderCurve(curve));
} else {
  const result = await measureAll();
  publish('results', result, renderMarkdown(result));
}

/** @param name of the files that `--out` keeps, without their endings */
function publish(name: string, result: unknown, markdown: string): void {
  process.stdout.write(markdown);
  if (options.out === undefined) return;
  mkdirSync(options.out, { recursive: true });
  writeFileSync(path.join(options.out, `${name}.md`), markdown);
  writeFileSync(path.join(options.out, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

async function measureCurve(): Promise<CurveResult> {
  const { runs } = options;
  const points: CurvePoint[] = [];
  for (const shape of curveCases.filter(({ name }) => isWanted(name))) {
    for (const rows of curveSizes(options.rows)) {
      say(`${shape.name}: ${rows} rows`);
      points.push(await measurePoint(shape, { rows, runs }));
    }
  }
  return { versions: machine(), runs, points };
}

async function measureAll(): Promise<BenchResult> {
  const versions: Record<string, string> = { ...machine() };
  const glance = findGlance();
  if (glance !== undefined) versions['glance'] = glance;
  const notes = glance === undefined && isWanted(backfillGlance) ? [noGlance] : [];
  for (const note of notes) say(note);
  const hasRival = ({ name }: Comparison) => name !== backfillGlance || glance !== undefined;
  const results: ComparisonResult[] = [];
  for (const name of ['mariadb', 'mariadb-binlog', 'postgresql'] as const) {
    const wanted = comparisons.filter(
      (each) => each.bed === name && isWanted(each.name) && hasRival(each),
    );
    if (wanted.length === 0) continue;
    await withBed({ name, rows: options.rows }, async (bed) => {
      versions[name] = bed.version;
      for (const each of wanted) results.push(await compare(each, bed));
    });
  }
  const sizes = isWanted(memory) ? await measureMemory() : [];
  const { rows, runs } = options;
  return { versions, rows, runs, comparisons: results, memory: sizes, notes };
}

/** The sides take turns, so that whatever else the machine does meets both. */
async function compare(comparison: Comparison, bed: Bed): Promise<ComparisonResult> {
  const { name, rivalName, limits } = comparison;
  const tool: Figures[] = [];
  const rival: Figures[] = [];
  for (let run = 1; run <= options.runs; run += 1) {
    say(`${name}: run ${run} of ${options.runs}`);
    tool.push(await comparison.tool(bed));
    rival.push(await comparison.rival(bed));
  }
  return { name, bed: bed.name, rivalName, limits, tool, rival };
}

/** One backfill of each size, on a server of its own. */
async function measureMemory(): Promise<readonly MemoryResult[]> {
  const sizes = [100_000, 1_000_000, 10_000_000].filter((size) => size <= options.rows);
  const results: MemoryResult[] = [];
  for (const rows of sizes.length > 0 ? sizes : [options.rows]) {
    say(`memory: ${rows} rows`);
    await withBed({ name: 'mariadb', rows }, async (bed) => {
      const { peakBytes } = await backfill(bed);
      if (peakBytes === undefined) throw new Error('this system has no /proc to tell memory from');
      results.push({ rows, peakBytes });
    });
  }
  return results;
}

function machine(): Readonly<Record<string, string>> {
  const { version } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const processors = cpus();
  return {
    'glance-store-backfill': version,
    node: process.version,
    CPU: `${processors[0]?.model ?? 'unknown'}, ${processors.length} cores`,
  };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
