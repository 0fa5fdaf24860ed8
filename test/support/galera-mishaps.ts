import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningCli } from './cli.ts';
import type { GaleraNode } from './galera-cluster.ts';
import { withMariaDb } from './mariadb-server.ts';
import type { Random } from './random.ts';

/** A run and the nodes around it. */
export interface MishapScene {
  readonly program: RunningCli;
  /** the node that the run writes through */
  readonly node: GaleraNode;
  /** one that it does not */
  readonly other: GaleraNode;
  readonly database: string;
  readonly random: Random;
}

/** What may happen to a run on a cluster. Each resolves when the nodes run again, though perhaps not in step yet. */
const mishaps = {
  nothing: () => Promise.resolve(),
  'the program is killed': ({ program }) => {
    program.kill('SIGKILL');
    return Promise.resolve();
  },
  'its node is killed, and comes back': async ({ node }) => {
    await node.kill();
    await node.restart();
  },
  'program and node are killed': async ({ program, node }) => {
    program.kill('SIGKILL');
    await node.kill();
    await node.restart();
  },
  'its node stands still until the others give it up': ({ node, random }) =>
    standStill(node, random.between(4_000, 7_000)),
  'a node stands still': ({ node, other, random }) =>
    standStill(random.pick([node, other]), random.between(200, 1_200)),
  'its node is cut off': async ({ node, random }) => {
    await setProvider(node, 'gmcast.isolate=1');
    await sleep(random.between(3_000, 6_000));
    await setProvider(node, 'gmcast.isolate=0');
  },
  'another node cannot keep up': ({ other, database, random }) =>
    fallBehind(other, database, random.between(500, 2_000)),
} satisfies Record<string, (scene: MishapScene) => Promise<void>>;

export type Mishap = keyof typeof mishaps;
export const mishapNames = Object.keys(mishaps) as [Mishap, ...Mishap[]];

/** Lets it happen. */
export function strike(mishap: Mishap, scene: MishapScene): Promise<void> {
  return mishaps[mishap](scene);
}

/** Whether the run may end with an error: it has lost its node for longer than it waits. */
export function mayEndRun(mishap: Mishap): boolean {
  return mishap.startsWith('its node');
}

async function standStill(node: GaleraNode, ms: number): Promise<void> {
  node.signal('SIGSTOP');
  await sleep(ms);
  node.signal('SIGCONT');
}

/** What the node has still to apply piles up, so that it stops the cluster: flow control. */
async function fallBehind(node: GaleraNode, database: string, ms: number): Promise<void> {
  await setProvider(node, 'gcs.fc_limit=2');
  await withMariaDb(node.address, async (connection) => {
    await connection.query(`LOCK TABLES ${database}.image_locations READ`);
    await sleep(ms);
    await connection.query('UNLOCK TABLES');
  });
  await setProvider(node, 'gcs.fc_limit=16');
}

async function setProvider({ address }: GaleraNode, options: string): Promise<void> {
  await withMariaDb(address, (connection) =>
    connection.query('SET GLOBAL wsrep_provider_options = ?', [options]),
  );
}
