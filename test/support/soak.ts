import { existsSync } from 'node:fs';
import { runOn } from './backfill-run.ts';
import { startCli } from './cli.ts';
import { openBehind } from './faulty-run.ts';
import { twoStores, twoStoresConf } from './file-stores.ts';
import { createRandom, type Random } from './random.ts';
import { readReport } from './reading.ts';
import type { ServerAddress } from './servers-address.ts';
import { createGlanceDatabase, type GlanceDatabase } from './servers-database.ts';
import {
  type Fault,
  type FaultProxy,
  faultPoints,
  networkFaults,
  startFaultProxy,
} from './servers-fault-proxy.ts';
import { openTable } from './servers-table.ts';
import { findStrangeRows, isOldOrLabelled, isUndone, wrongSums } from './soak-checks.ts';
import { createSoakGlance, type SoakGlance } from './soak-glance.ts';
import { journalAt, undoOn } from './undo-run.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

/** What to soak, how long, and with which luck. */
export interface SoakOptions {
  readonly dialect: 'mysql' | 'postgresql';
  readonly server: ServerAddress;
  /** repeats the choices, though not the moments at which they meet the run */
  readonly seed: number;
  /** ms */
  readonly duration: number;
}

/** What came of it. */
export interface SoakResult {
  readonly runs: number;
  /** runs ended by SIGKILL */
  readonly kills: number;
  /** faults of the network that struck */
  readonly struck: number;
  /** writes of Glance */
  readonly writes: number;
  /** what does not fit, in words */
  readonly wrongs: readonly string[];
}

/** Those that the program itself bears: its patience would outlast a soak. */
const quickFaults = [
  'dropped before the server gets it',
  'dropped after the server has done it',
  'cut off within the statement',
  'cut off within the answer',
  'held for a moment',
] as const;

interface Soak {
  readonly database: GlanceDatabase;
  readonly workplace: Workplace;
  readonly proxy: FaultProxy;
  readonly random: Random;
}

/** What one run came to; where it was killed there is nothing to tell. */
interface SoakRun {
  readonly wasKilled: boolean;
  readonly journal: string;
  readonly wrongs: readonly string[];
}

/**
 * Has runs follow each other while Glance writes, the network fails and runs are killed. After every run each row must
 * be as Glance left it, or that labelled; now and then, and in the end, an undo of all runs must leave what Glance wrote.
 */
export async function soak({ dialect, server, seed, duration }: SoakOptions): Promise<SoakResult> {
  const database = await createGlanceDatabase(dialect, server);
  const workplace = makeWorkplace();
  workplace.write('glance-api.conf', twoStoresConf);
  const proxy = await startFaultProxy(server.port);
  const world: Soak = { database, workplace, proxy, random: createRandom(seed) };
  // Glance's luck is its own: how often it is asked depends on the clock.
  const glance = await createSoakGlance(database, createRandom(seed + 1), 120);
  const runs: SoakRun[] = [];
  const wrongs: string[] = [];
  let undone = 0;
  try {
    const deadline = Date.now() + duration;
    while (wrongs.length === 0 && (Date.now() < deadline || undone < runs.length)) {
      const run = await runBesideGlance(world, glance, runs.length + 1);
      runs.push(run);
      wrongs.push(...run.wrongs, ...(await findStrangeRows(database, glance, isOldOrLabelled)));
      if (world.random.onceIn(4)) continue;
      wrongs.push(...(await undoAll(world, glance, runs.slice(undone))));
      undone = runs.length;
    }
  } finally {
    await proxy.close();
    await database.drop();
    workplace.remove();
  }
  const kills = runs.filter(({ wasKilled }) => wasKilled).length;
  return { runs: runs.length, kills, struck: proxy.struck(), writes: glance.writes(), wrongs };
}

async function runBesideGlance(soak: Soak, glance: SoakGlance, number: number): Promise<SoakRun> {
  await glance.unlabelSome();
  const stop = new AbortController();
  const writing = glance.writeUntil(stop.signal);
  const isProgram = soak.random.onceIn(2);
  const journal = soak.workplace.path(`run-${number}.ndjson`);
  try {
    return await (isProgram ? runProgram(soak, journal) : runLoop(soak, journal));
  } finally {
    stop.abort();
    await writing;
    soak.proxy.disarm();
  }
}

function armSome({ random, proxy }: Soak, faults: readonly [Fault, ...Fault[]]): void {
  for (let count = random.between(1, 3); count > 0; count--) {
    const at = random.pick(random.onceIn(2) ? (['commit'] as const) : faultPoints);
    proxy.arm({ fault: random.pick(faults), at, nth: random.between(1, 4) });
  }
}

async function runLoop(soak: Soak, journalPath: string): Promise<SoakRun> {
  const { database, proxy, random } = soak;
  const table = await openBehind(proxy.port, database, { answerTime: 1500 });
  armSome(soak, networkFaults);
  const journal = journalAt(journalPath);
  const wrongs: string[] = [];
  try {
    const { rows } = await runOn(table, {
      ...{ stores: twoStores, journal },
      ...{ batchSize: random.between(3, 25), writers: random.between(1, 3) },
    });
    wrongs.push(...wrongSums(rows));
  } catch (error) {
    wrongs.push(`the run failed: ${String(error)}`);
  } finally {
    await journal.close();
    await table.close();
  }
  return { wasKilled: false, journal: journalPath, wrongs };
}

/** Two of three are killed while a statement of theirs is under way, and whatever becomes of that. */
async function runProgram(soak: Soak, journal: string): Promise<SoakRun> {
  const { database, workplace, proxy, random } = soak;
  const plain = database.dialect === 'postgresql' ? '?sslmode=disable' : '';
  const url = database.url.replace(/:\d+\//, `:${proxy.port}/`) + plain;
  const program = startCli(
    [
      ...['backfill', '--config-file', 'glance-api.conf', '-f', 'json', '--quiet'],
      // Glance gives some rows labels that their URLs contradict.
      ...['--max-contradictions', '100'],
      ...['--journal', journal, '--batch-size', String(random.between(2, 10))],
    ],
    { cwd: workplace.folder, environment: { OS_DATABASE__CONNECTION: url } },
  );
  if (random.onceIn(3)) armSome(soak, quickFaults);
  else {
    proxy.arm({
      fault: random.pick(networkFaults),
      at: random.pick(['locked look', 'update', 'commit', 'commit']),
      nth: random.between(2, 4),
      meanwhile: () => {
        program.kill('SIGKILL');
        return program.ended;
      },
    });
  }
  const ended = await program.ended;
  const wasKilled = ended.code === null;
  // A run is not begun over a line that fails at once.
  if (wasKilled || (ended.code === 1 && !existsSync(journal))) {
    return { wasKilled, journal, wrongs: [] };
  }
  const wrongs = [...wrongSums(readReport(ended).rows)];
  if (ended.code !== 0) wrongs.push(`exit ${String(ended.code)}: ${ended.stderr}`);
  return { wasKilled, journal, wrongs };
}

/** Undoes runs, the last one first. @returns rows that are not as Glance left them then, in words */
export async function undoAll(
  { database }: Pick<Soak, 'database'>,
  glance: SoakGlance,
  runs: readonly Pick<SoakRun, 'journal'>[],
): Promise<readonly string[]> {
  const table = await openTable(database.url);
  for (const { journal } of runs.toReversed()) {
    if (existsSync(journal)) await undoOn(table, journal);
  }
  await table.close();
  return findStrangeRows(database, glance, isUndone);
}
