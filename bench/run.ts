/** `npm run bench`: the tool beside its rivals. Results go to stdout, what is going on to stderr. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { projectRoot } from '../test/support/cli.ts';
import { type Bed, type BedName, closeBed, openBed } from './bed.ts';
import { backfill, type Comparison, comparisons } from './comparisons.ts';
import type { Figures } from './measure.ts';
import { readOptions } from './options.ts';
import {
  type BenchResult,
  type ComparisonResult,
  type MemoryResult,
  renderMarkdown,
} from './render.ts';

const memory = 'memory';
const options = readOptions(process.argv.slice(2), [
  ...comparisons.map(({ name }) => name),
  memory,
]);
const isWanted = (name: string) => options.only?.includes(name) ?? true;
const result = await measureAll();
const markdown = renderMarkdown(result);
process.stdout.write(markdown);
if (options.out !== undefined) {
  mkdirSync(options.out, { recursive: true });
  writeFileSync(path.join(options.out, 'results.md'), markdown);
  writeFileSync(path.join(options.out, 'results.json'), `${JSON.stringify(result, null, 2)}\n`);
}

async function measureAll(): Promise<BenchResult> {
  const versions: Record<string, string> = { ...machine() };
  const results: ComparisonResult[] = [];
  for (const name of ['mariadb', 'mariadb-binlog', 'postgresql'] as const) {
    const wanted = comparisons.filter((each) => each.bed === name && isWanted(each.name));
    if (wanted.length === 0) continue;
    await withBed(name, options.rows, async (bed) => {
      versions[name] = bed.version;
      for (const each of wanted) results.push(await compare(each, bed));
    });
  }
  const sizes = isWanted(memory) ? await measureMemory() : [];
  const { rows, runs } = options;
  return { versions, rows, runs, comparisons: results, memory: sizes };
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
    await withBed('mariadb', rows, async (bed) => {
      const { peakBytes } = await backfill(bed);
      if (peakBytes === undefined) throw new Error('this system has no /proc to tell memory from');
      results.push({ rows, peakBytes });
    });
  }
  return results;
}

async function withBed(
  name: BedName,
  rows: number,
  work: (bed: Bed) => Promise<void>,
): Promise<void> {
  say(`starting ${name} and making ${rows} rows`);
  const bed = await openBed(name, rows);
  try {
    await work(bed);
  } finally {
    await closeBed(bed);
  }
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
