import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CliRun, type RunningCli, startCli } from './cli.ts';
import { twoStoresConf } from './file-stores.ts';
import { awaitInStep, type GaleraCluster, type GaleraNode } from './galera-cluster.ts';
import { createGlanceLine, type GlanceLine } from './galera-glance-line.ts';
import { mayEndRun, type Mishap, mishapNames, strike } from './galera-mishaps.ts';
import { createRandom, type Random } from './random.ts';
import { readReport } from './reading.ts';
import {
  type AdminSession,
  createGlanceDatabase,
  type GlanceDatabase,
  mariaDbSession,
  urlFor,
} from './servers-database.ts';
import { readLocations } from './servers-locations.ts';
import { findStrangeRows, isOldOrLabelled, wrongSums } from './soak-checks.ts';
import { undoAll } from './soak.ts';
import { createSoakGlance, type SoakGlance } from './soak-glance.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

/** What to soak, how long (ms), and with which luck. */
export interface GaleraSoakOptions {
  readonly cluster: GaleraCluster;
  readonly seed: number;
  readonly duration: number;
}

/** What came of it. */
export interface GaleraSoakResult {
  readonly runs: number;
  /** what happened, and how often */
  readonly mishaps: Readonly<Record<string, number>>;
  /** writes of Glance, and how many of them were refused for one of a run and done again */
  readonly writes: number;
  readonly refused: number;
  /** what does not fit, in words */
  readonly wrongs: readonly string[];
}

interface Soak {
  readonly nodes: GaleraCluster['nodes'];
  readonly database: GlanceDatabase;
  readonly workplace: Workplace;
  readonly random: Random;
  readonly glance: SoakGlance;
  readonly line: GlanceLine;
  readonly mishaps: Record<string, number>;
}

/** A run's journal, and what does not fit. */
interface Round {
  readonly journal: string;
  readonly wrongs: readonly string[];
}

/**
 * Has runs follow each other through one node or another, while Glance writes through the others and nodes and runs are
 * killed. After every run each row must be as Glance left it, or that labelled, and the same on all nodes; the next one
 * must do the rest; and now and then, and in the end, an undo of all runs must leave what Glance wrote.
 */
export async function soakGalera(options: GaleraSoakOptions): Promise<GaleraSoakResult> {
  const { cluster, seed, duration } = options;
  const { nodes } = cluster;
  const database = await createGlanceDatabase('mysql', nodes[0].address);
  const workplace = makeWorkplace();
  workplace.write('glance-api.conf', twoStoresConf);
  const line = createGlanceLine();
  await line.lead(await openSessions(nodes, database.name));
  const random = createRandom(seed);
  const glances = { ...database, run: line.run };
  const glance = await createSoakGlance(glances, createRandom(seed + 1), 150);
  const soak: Soak = { nodes, database, workplace, random, glance, line, mishaps: {} };
  const rounds: Round[] = [];
  const wrongs: string[] = [];
  let undone = 0;
  try {
    const deadline = Date.now() + duration;
    while (wrongs.length === 0 && (Date.now() < deadline || undone < rounds.length)) {
      rounds.push(await runDisturbed(soak, rounds.length + 1));
      rounds.push(await runRest(soak, rounds.length + 1));
      wrongs.push(...rounds.slice(-2).flatMap((round) => round.wrongs));
      if (random.onceIn(3)) continue;
      wrongs.push(...(await undoAll(soak, glance, rounds.slice(undone))));
      undone = rounds.length;
    }
  } finally {
    await line.lead([]);
    await database.drop();
    workplace.remove();
  }
  const { mishaps } = soak;
  const [writes, refused] = [glance.writes(), line.refused()];
  return { runs: rounds.length, mishaps, writes, refused, wrongs };
}

/** A run beside Glance, to which something happens. */
async function runDisturbed(soak: Soak, number: number): Promise<Round> {
  const { nodes, database, glance, line, random, mishaps } = soak;
  await glance.unlabelSome();
  const node = random.pick(nodes);
  const [other, third] = nodes.filter((candidate) => candidate !== node);
  if (other === undefined || third === undefined) throw new Error('a cluster has three nodes');
  const mishap = random.pick(mishapNames);
  mishaps[mishap] = (mishaps[mishap] ?? 0) + 1;
  await line.lead(await openSessions([other, third], database.name));
  const stop = new AbortController();
  const writing = glance.writeUntil(stop.signal);
  // Told when it is waited for.
  writing.catch(() => undefined);
  const { journal, program } = startRun(soak, node, number);
  try {
    await underWay(program, journal);
    await sleep(random.between(0, 200));
    await strike(mishap, { program, node, other, database: database.name, random });
    const wrongs = wrongEnd(await program.ended, mishap, journal);
    stop.abort();
    await writing;
    return { journal, wrongs: [...wrongs, ...(await findWrongs(soak, node, mishap))] };
  } finally {
    stop.abort();
    await writing;
  }
}

/** What the disturbed run left is done by the next one, on any node. */
async function runRest(soak: Soak, number: number): Promise<Round> {
  const { nodes, glance, random } = soak;
  const node = random.pick(nodes);
  const { journal, program } = startRun(soak, node, number);
  const wrongs = [...wrongEnd(await program.ended, 'nothing', journal)];
  wrongs.push(...(await findWrongs(soak, node, 'the rest is done')));
  for (const { id, metaData } of await readLocations({ ...soak.database, run: soak.line.run })) {
    const labelled = glance.rows.get(id)?.labelled;
    if (labelled !== undefined && metaData !== labelled) wrongs.push(`${id}: left without a label`);
  }
  return { journal, wrongs };
}

function startRun({ workplace, database, random }: Soak, node: GaleraNode, number: number) {
  const journal = workplace.path(`run-${number}.ndjson`);
  const program = startCli(
    [
      ...['backfill', '--config-file', 'glance-api.conf', '-f', 'json', '--quiet'],
      // Glance gives some rows labels that their URLs contradict.
      ...['--max-contradictions', '100'],
      ...['--journal', journal, '--batch-size', String(random.between(1, 6))],
    ],
    {
      cwd: workplace.folder,
      environment: {
        OS_DATABASE__CONNECTION: urlFor('mysql+pymysql', node.address, database.name),
      },
    },
  );
  return { journal, program };
}

/** Waits until the run has planned its first batch, or has ended without one. */
async function underWay(program: RunningCli, journal: string): Promise<void> {
  const ended = program.ended.then(() => true);
  const hasEnded = () => Promise.race([ended, sleep(5).then(() => false)]);
  while (!existsSync(journal) && !(await hasEnded()));
}

function wrongEnd(ended: CliRun, mishap: Mishap, journal: string): readonly string[] {
  if (ended.code === null) return [];
  // A run is not begun over a line that fails at once.
  if (mayEndRun(mishap) && ended.code === 1 && !existsSync(journal)) return [];
  const wrongs = wrongSums(readReport(ended).rows);
  const isExpected = ended.code === 0 || (mayEndRun(mishap) && ended.code === 1);
  return isExpected
    ? wrongs
    : [...wrongs, `${mishap}: exit ${String(ended.code)}: ${ended.stderr}`];
}

/** Waits until the nodes are in step again, and compares them with each other and with what Glance wrote. */
async function findWrongs(
  { nodes, database, glance, line }: Soak,
  ranOn: GaleraNode,
  what: string,
): Promise<readonly string[]> {
  await awaitInStep(nodes);
  // The first node may be another process by now.
  await database.reconnect();
  const sessions = await openSessions(nodes, database.name);
  await line.lead(sessions);
  const tables = await Promise.all(
    sessions.map(async ({ run }) => JSON.stringify(await readLocations({ ...database, run }))),
  );
  const differing = tables.filter((table) => table !== tables[0]).length;
  const run = sessions[nodes.indexOf(ranOn)]?.run ?? database.run;
  const strange = await findStrangeRows({ ...database, run }, glance, isOldOrLabelled);
  return [
    ...(differing === 0 ? [] : ['the nodes differ']),
    ...strange.map((wrong) => `${what}: ${wrong}`),
  ];
}

/** A session on each of these nodes; a read waits for what was committed elsewhere. */
async function openSessions(
  nodes: readonly GaleraNode[],
  name: string,
): Promise<readonly AdminSession[]> {
  return Promise.all(
    nodes.map(async ({ address }) => {
      const session = await mariaDbSession(address, name);
      await session.run('SET SESSION wsrep_sync_wait = 1');
      return session;
    }),
  );
}
