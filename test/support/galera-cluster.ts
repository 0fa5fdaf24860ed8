import type mysql from 'mysql2/promise';
import { asRows } from '../../src/database/driver-values.ts';
import {
  createGlanceUser,
  installMariaDb,
  makeMariaDbHost,
  type MariaDbHost,
  runMariaDb,
} from './mariadb-server.ts';
import type { Server } from './servers-address.ts';
import { findFreePort, type ServerProcess, serverProgram } from './servers-process.ts';

/** A node of a cluster; `stop` is `kill -9`, as a crash would be. */
export interface GaleraNode extends Server {
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
 * Starts a private cluster of three MariaDB nodes on 127.0.0.1; the second and third get their data from the others
 * (rsync). A node that dies or falls silent is given up after about two seconds.
 */
export async function startGaleraCluster(): Promise<GaleraCluster> {
  const seats = [await takeSeat(), await takeSeat(), await takeSeat()] as const;
  const members = seats.map(({ groupPort }) => `127.0.0.1:${groupPort}`).join();
  const [first] = seats;
  installMariaDb(first.host);
  const started: GaleraNode[] = [];
  const join = async (seat: Seat, args: readonly string[]) => {
    const node = await startNode(seat, [`--wsrep-cluster-address=gcomm://${members}`, ...args]);
    started.push(node);
    return node;
  };
  const stop = async () => {
    await Promise.all(started.map((node) => node.stop()));
  };
  try {
    const founder = await join(first, ['--wsrep-new-cluster']);
    await createGlanceUser(founder.address);
    // One after the other: a node that hands out its data can do so to one at a time.
    return { nodes: [founder, await join(seats[1], []), await join(seats[2], [])], stop };
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
    ...['gcache.size=8M', 'evs.inactive_check_period=PT0.5S', 'evs.keepalive_period=PT0.5S'],
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

async function startNode({ host, args }: Seat, more: readonly string[]): Promise<GaleraNode> {
  const { address } = host;
  const server = await runMariaDb(host, [...args, ...more], checkSynced);
  return { address, ...server };
}

/** A node that still gets its data answers already, and refuses most statements. */
async function checkSynced(connection: mysql.Connection): Promise<void> {
  const [rows] = await connection.query(`SHOW STATUS LIKE 'wsrep_local_state_comment'`);
  const state = asRows(rows)[0]?.[1];
  if (state !== 'Synced') throw new Error(`the node is ${String(state)}`);
}
