import { chown, mkdir } from 'node:fs/promises';
import path from 'node:path';
import mysql from 'mysql2/promise';
import {
  GLANCE_PASSWORD,
  GLANCE_USER,
  type Server,
  type ServerAddress,
} from './servers-address.ts';
import { makeCertificates } from './servers-certificates.ts';
import {
  findFreePort,
  makeServerFolder,
  runProgram,
  serverProgram,
  type ServerProcess,
  type ServerUser,
  serverUser,
  startServerProcess,
} from './servers-process.ts';

/** Nothing here outlives the tests, so nothing is worth waiting for a disk. */
const QUICK = [
  '--innodb-flush-method=nosync',
  '--innodb-doublewrite=0',
  '--innodb-log-file-size=8M',
  '--innodb-flush-log-at-trx-commit=0',
  '--sync-binlog=0',
];

/** A MariaDB server that is about to run. */
export interface MariaDbHost {
  readonly user: ServerUser | undefined;
  /** holds everything, goes with the server */
  readonly folder: string;
  readonly address: ServerAddress;
}

/** Makes the place for a private MariaDB server: an empty data folder, certificates, a free port of 127.0.0.1. */
export async function makeMariaDbHost(): Promise<MariaDbHost> {
  const user = serverUser('mysql');
  const folder = await makeServerFolder('mariadb', user);
  const certificates = await makeCertificates(folder, user);
  const data = dataFolder(folder);
  await mkdir(data);
  if (user !== undefined) await chown(data, user.uid, user.gid);
  const address = { port: await findFreePort(), socket: path.join(folder, 'sock'), certificates };
  return { user, folder, address };
}

/** Fills the data folder with what every server begins with. */
export function installMariaDb({ user, folder }: MariaDbHost): void {
  runProgram(
    [
      ...([serverProgram('mariadbInstallDb'), ...folderOptions(folder)] as const),
      ...['--auth-root-authentication-method=normal', '--skip-test-db'],
    ],
    user,
  );
}

/**
 * Starts the server.
 *
 * @param args further options, such as `--log-bin`
 * @param isReady throws until it may be used
 */
export async function runMariaDb(
  { user, folder, address }: MariaDbHost,
  args: readonly string[],
  isReady: (connection: mysql.Connection) => Promise<unknown> = (connection) =>
    connection.query('SELECT 1'),
): Promise<ServerProcess> {
  const { socket, port, certificates } = address;
  return startServerProcess({
    command: [
      ...([serverProgram('mariadbd'), ...folderOptions(folder)] as const),
      ...[`--socket=${socket}`, `--port=${port}`, '--bind-address=127.0.0.1'],
      ...[`--ssl-cert=${certificates.cert}`, `--ssl-key=${certificates.key}`],
      ...[`--ssl-ca=${certificates.ca}`, '--skip-name-resolve', ...args],
    ],
    user,
    folder,
    stopSignal: 'SIGKILL',
    probe: () => withMariaDb(address, isReady),
  });
}

/** Makes the account that Glance would have. */
export async function createGlanceUser(address: ServerAddress): Promise<void> {
  await withMariaDb(address, (connection) =>
    connection.query('CREATE USER ?@? IDENTIFIED BY ?', [GLANCE_USER, '%', GLANCE_PASSWORD]),
  );
}

/** A server of another run would clear away what it finds in a folder shared with it. */
function folderOptions(folder: string): readonly string[] {
  return ['--no-defaults', `--datadir=${dataFolder(folder)}`, `--tmpdir=${folder}`, ...QUICK];
}

function dataFolder(folder: string): string {
  return path.join(folder, 'data');
}

/**
 * Starts a private MariaDB server, with TLS on offer, on a free port of 127.0.0.1.
 *
 * @param args further options, such as `--log-bin`
 */
export async function startMariaDb(args: readonly string[] = []): Promise<Server> {
  const host = await makeMariaDbHost();
  installMariaDb(host);
  const { stop, restart } = await runMariaDb(host, args);
  await createGlanceUser(host.address);
  return { address: host.address, stop, restart };
}

/** Starts a cluster of one node. */
export async function startGaleraNode(args: readonly string[] = []): Promise<Server> {
  const port = await findFreePort();
  return startMariaDb([
    ...['--wsrep-on=ON', `--wsrep-provider=${serverProgram('galera')}`, '--wsrep-new-cluster'],
    ...['--wsrep-cluster-address=gcomm://', '--wsrep-node-address=127.0.0.1'],
    `--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:${port}`,
    ...['--binlog-format=ROW', '--innodb-autoinc-lock-mode=2', ...args],
  ]);
}

/** Connects as administrator for as long as `work` runs. */
export async function withMariaDb<T>(
  address: ServerAddress,
  work: (connection: mysql.Connection) => Promise<T>,
): Promise<T> {
  const connection = await connectMariaDb(address);
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

/** Connects as administrator; the caller ends the connection. Rows come as arrays, times as text. */
export async function connectMariaDb(
  { socket }: ServerAddress,
  database?: string,
): Promise<mysql.Connection> {
  const connection = await mysql.createConnection({
    socketPath: socket,
    user: 'root',
    rowsAsArray: true,
    dateStrings: true,
    multipleStatements: true,
    ...(database === undefined ? {} : { database }),
  });
  // A server that is stopped says so on connections that are still open.
  connection.on('error', () => undefined);
  // Whatever the server under test has for defaults.
  await connection.query(`SET sql_mode = 'TRADITIONAL', autocommit = 1`);
  return connection;
}
