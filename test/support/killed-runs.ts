import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CliRun, type RunningCli, startCli } from './cli.ts';
import { twoStoresConf } from './file-stores.ts';
import { createRandom, type Random } from './random.ts';
import { readReport } from './reading.ts';
import { readClaims } from './run-evidence.ts';
import { createGlanceDatabase, type DialectName, type GlanceDatabase } from './servers-database.ts';
import { openTable } from './servers-table.ts';
import {
  findStrangeRows,
  isFinished,
  isOldOrLabelled,
  isUndone,
  wrongSums,
} from './soak-checks.ts';
import { createSoakGlance, type SoakGlance } from './soak-glance.ts';
import { undoOn } from './undo-run.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

export interface KilledRunsOptions {
  readonly dialect: DialectName;
  /** repeats the choices, though not the moments at which they meet the run */
  readonly seed: number;
  /** whether another run is to be killed after so many */
  readonly isEnough: (kills: number) => boolean;
}

/** What came of it; what does not fit is told in words. */
export interface KilledRunsResult {
  readonly kills: number;
  /** rows of batches that were under way when their run was killed */
  readonly openRows: number;
  /** writes of Glance */
  readonly writes: number;
  /** rows that after a kill were neither as Glance had left them, nor that labelled */
  readonly mixed: readonly string[];
  /** what the runs that were let come to their ends did wrong or left undone */
  readonly unfinished: readonly string[];
  /** what an undo of all journals did not leave as Glance had */
  readonly notUndone: readonly string[];
}

interface World {
  readonly database: GlanceDatabase;
  readonly workplace: Workplace;
  readonly random: Random;
  readonly glance: SoakGlance;
  /** in the order of their runs */
  readonly journals: string[];
}

const rowCount = 300;

/**
 * Kills one run after the other (`kill -9`) while Glance writes; lets one beside Glance, then one alone, come to its
 * end; and undoes all of them, the newest first.
 */
export async function killRuns(options: KilledRunsOptions): Promise<KilledRunsResult> {
  const world = await makeWorld(options);
  const { database, glance, workplace } = world;
  try {
    const mixed: string[] = [];
    let kills = 0;
    while (!options.isEnough(kills) && mixed.length === 0) {
      if (await besideGlance(world, () => killOne(world))) kills += 1;
      mixed.push(...(await findStrangeRows(database, glance, isOldOrLabelled)));
    }
    const openRows = await countOpenRows(world);
    const unfinished = [
      ...(await besideGlance(world, () => runToEnd(world))),
      ...(await runToEnd(world)),
      ...(await findStrangeRows(database, glance, isFinished)),
    ];
    await undoAll(world);
    const notUndone = await findStrangeRows(database, glance, isUndone);
    return { kills, openRows, writes: glance.writes(), mixed, unfinished, notUndone };
  } finally {
    await database.drop();
    workplace.remove();
  }
}

async function makeWorld({ dialect, seed }: KilledRunsOptions): Promise<World> {
  const database = await createGlanceDatabase(dialect);
  // As long as Python's sqlite3 waits, by which Glance writes.
  if (dialect === 'sqlite') await database.run('PRAGMA busy_timeout = 5000');
  const workplace = makeWorkplace();
  workplace.write('glance-api.conf', twoStoresConf);
  await database.run('BEGIN');
  const glance = await createSoakGlance(database, createRandom(seed + 1), rowCount);
  await database.run('COMMIT');
  return { database, workplace, random: createRandom(seed), glance, journals: [] };
}

/** Does something while Glance writes. */
async function besideGlance<T>({ glance }: World, work: () => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const writing = glance.writeUntil(stop.signal);
  try {
    return await work();
  } finally {
    stop.abort();
    await writing;
  }
}

/** Kills a run at a moment told by how much its journal holds by then. @returns whether it was still at work */
async function killOne(world: World): Promise<boolean> {
  const { glance, random } = world;
  await glance.unlabelSome();
  const { program, journal } = startRun(world, random.between(2, 10));
  const lines = random.between(1, 20);
  const ended = { is: false };
  void program.ended.then(() => (ended.is = true));
  while (!ended.is && countLines(journal) < lines) await sleep(1);
  await sleep(random.between(0, 12));
  program.kill('SIGKILL');
  return (await program.ended).code === null;
}

/** @returns what was wrong with it */
async function runToEnd(world: World): Promise<readonly string[]> {
  const { program } = startRun(world, 25);
  const ended = await program.ended;
  const wrongs = wrongSums(readReport(ended).rows);
  return ended.code === 0 && ended.stderr === '' ? wrongs : [...wrongs, tell(ended)];
}

function startRun(
  world: World,
  batchSize: number,
): { readonly program: RunningCli; readonly journal: string } {
  const { database, workplace, journals } = world;
  const journal = workplace.path(`run-${journals.length + 1}.ndjson`);
  journals.push(journal);
  // Glance gives some rows labels that their URLs contradict.
  const trusting = ['--max-contradictions', '100'];
  const words = ['backfill', ...trusting, '--batch-size', String(batchSize), '--journal', journal];
  const program = startCli(
    [...words, '--config-file', 'glance-api.conf', '-f', 'json', '--quiet'],
    {
      cwd: workplace.folder,
      environment: { OS_DATABASE__CONNECTION: database.url },
    },
  );
  return { program, journal };
}

const countLines = (file: string) =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;

async function countOpenRows({ journals }: World): Promise<number> {
  const claims = await Promise.all(journals.filter(existsSync).map(readClaims));
  return claims.flat().filter(({ outcome }) => outcome === 'unknown').length;
}

async function undoAll({ database, journals }: World): Promise<void> {
  const table = await openTable(database.url);
  try {
    for (const journal of journals.toReversed().filter(existsSync)) await undoOn(table, journal);
  } finally {
    await table.close();
  }
}

const tell = ({ code, stderr }: CliRun) => `exit ${String(code)}: ${stderr}`;
