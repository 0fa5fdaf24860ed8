import { setTimeout as sleep } from 'node:timers/promises';
import type mysql from 'mysql2/promise';
import { asRows } from '../../src/database/driver-values.ts';
import {
  createGlanceUser,
  installMariaDb,
  makeMariaDbHost,
  type MariaDbHost,
  runMariaDb,
  withMariaDb,
} from './mariadb-server.ts';
import type { Server, ServerAddress } from './servers-address.ts';
import { findFreePort, type ServerProcess, serverProgram } from './servers-process.ts';

/** A node of a cluster. */
export interface GaleraNode extends Server {
  /** Ends it as a crash would: the others give it up after about two seconds. */
  readonly kill: () => Promise<void>;
  /** Starts it again, if need be after a `kill`. Resolves when it has what the others have, and is Synced. */
  readonly restart: () => Promise<void>;
  /** Sends a signal to the server, such as SIGSTOP. */
  readonly signal: ServerProcess['signal'];
}

/** Three nodes, each with all rows, each taking writes. */
export interface GaleraCluster {
  readonly nodes: readonly [GaleraNode, GaleraNode, GaleraNode];
  readonly stop: () => Promise<void>;
}

/** What one node is told of itself and the others. */
interface Seat {
  readonly host: MariaDbHost;
  /** where the group's messages come in */
  readonly groupPort: number;
  readonly args: readonly string[];
}

/**
 * Starts a private cluster of three MariaDB nodes on 127.0.0.1. A node that dies or falls silent is given up after
 * about two seconds; one that comes back gets its data from another (rsync).
 */
export async function startGaleraCluster(): Promise<GaleraCluster> {
  const seats = [await takeSeat(), await takeSeat(), await takeSeat()] as const;
  installMariaDb(seats[0].host);
  const address = `gcomm://${seats.map(({ groupPort }) => `127.0.0.1:${groupPort}`).join()}`;
  const started: GaleraNode[] = [];
  const join = async (seat: Seat, args: readonly string[] = []) => {
    const node = await startNode(seat, address, args);
    started.push(node);
    return node;
  };
  const stop = async () => {
    await Promise.all(started.map((node) => node.stop()));
  };
  try {
    const founder = await join(seats[0], ['--wsrep-new-cluster']);
    await createGlanceUser(founder.address);
    const [second, third] = await Promise.all([join(seats[1]), join(seats[2])]);
    return { nodes: [founder, second, third], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function takeSeat(): Promise<Seat> {
  const host = await makeMariaDbHost();
  const [groupPort, istPort, sstPort] = [
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
  ];
  const provider = [
    ...[`gmcast.listen_addr=tcp://127.0.0.1:${groupPort}`, `ist.recv_addr=127.0.0.1:${istPort}`],
    ...['gcache.size=8M', 'gmcast.time_wait=PT1S', 'evs.inactive_check_period=PT0.5S'],
    'evs.keepalive_period=PT0.5S',
    ...['evs.suspect_timeout=PT2S', 'evs.inactive_timeout=PT4S', 'evs.install_timeout=PT4S'],
  ];
  const args = [
    ...['--wsrep-on=ON', `--wsrep-provider=${serverProgram('galera')}`],
    ...['--wsrep-node-address=127.0.0.1', `--wsrep-node-name=node-${groupPort}`],
    ...['--wsrep-sst-method=rsync', `--wsrep-sst-receive-address=127.0.0.1:${sstPort}`],
    ...[`--wsrep-provider-options=${provider.join(';')}`, '--wsrep-slave-threads=2'],
    ...['--binlog-format=ROW', '--innodb-autoinc-lock-mode=2'],
    ...['--innodb-buffer-pool-size=32M', '--key-buffer-size=1M', '--max-connections=50'],
  ];
  return { host, groupPort, args };
}

async function startNode(seat: Seat, group: string, more: readonly string[]): Promise<GaleraNode> {
  const { host, args } = seat;
  const run = (others: readonly string[]) =>
    runMariaDb(host, [...args, `--wsrep-cluster-address=${group}`, ...others], checkSynced);
  let server = await run(more);
  return {
    address: host.address,
    stop: () => server.stop(),
    kill: () => server.kill(),
    signal: (signal) => {
      server.signal(signal);
    },
    // Whoever founded the cluster is a member like the others from then on.
    restart: async () => {
      await server.kill();
      server = await run([]);
    },
  };
}

/** A node that still gets its data answers already, and refuses most statements. */
async function checkSynced(connection: mysql.Connection): Promise<void> {
  const [rows] = await connection.query(`SHOW STATUS LIKE 'wsrep_local_state_comment'`);
  const state = asRows(rows)[0]?.[1];
  if (state !== 'Synced') throw new Error(`the node is ${String(state)}`);
}

/** Waits until each node is in step with two others. @throws Error after a minute */
export async function awaitInStep(nodes: GaleraCluster['nodes']): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (const { address } of nodes) {
    while (!(await isInStep(address))) {
      if (Date.now() > deadline) throw new Error('the nodes do not find together again');
      await sleep(100);
    }
  }
}

function isInStep(address: ServerAddress): Promise<boolean> {
  return withMariaDb(address, async (connection) => {
    const [rows] = await connection.query(
      `SHOW STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_size')`,
    );
    const values = asRows(rows).map(([, value]) => String(value));
    return values.includes('Synced') && values.includes('3');
  });
}
