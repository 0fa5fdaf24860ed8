import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
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
  serverUser,
  startServerProcess,
} from './servers-process.ts';

/** The administrator, who logs in through the socket without password. */
const ADMINISTRATOR = 'postgres';

/** `tls_only` and `plain_only` are accounts that may come in one way alone. */
const HOST_BASED_ACCESS = `
local     all         all                     trust
local     replication all                     trust
hostnossl all         tls_only   127.0.0.1/32 reject
hostssl   all         plain_only 127.0.0.1/32 reject
host      all         all        127.0.0.1/32 scram-sha-256
`;

/** Nothing here outlives the tests, so nothing is worth waiting for a disk. */
const QUICK = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];

/** Starts a private PostgreSQL server, with TLS on offer, on a free port of 127.0.0.1. */
export async function startPostgreSql(args: readonly string[] = []): Promise<Server> {
  const user = serverUser('postgres');
  const folder = await makeServerFolder('postgresql', user);
  const data = path.join(folder, 'data');
  runProgram(
    [
      ...([serverProgram('initdb'), `--pgdata=${data}`, `--username=${ADMINISTRATOR}`] as const),
      ...['--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    ],
    user,
  );
  await writeFile(path.join(data, 'pg_hba.conf'), HOST_BASED_ACCESS);
  const server = await runPostgreSql({ folder, data, args });
  await withPostgreSql(server.address, async (client) => {
    const password = pg.escapeLiteral(GLANCE_PASSWORD);
    await client.query(`CREATE ROLE ${GLANCE_USER} LOGIN PASSWORD ${password}`);
    for (const name of ['tls_only', 'plain_only']) {
      await client.query(`CREATE ROLE ${name} LOGIN PASSWORD ${password} IN ROLE ${GLANCE_USER}`);
    }
  });
  return server;
}

/** Starts a standby that follows `primary`, and can only be read. */
export async function startPostgreSqlStandby(primary: ServerAddress): Promise<Server> {
  const user = serverUser('postgres');
  const folder = await makeServerFolder('standby', user);
  const data = path.join(folder, 'data');
  runProgram(
    [
      ...([serverProgram('pgBaseBackup'), `--pgdata=${data}`, '--write-recovery-conf'] as const),
      ...['--host', primary.socket, '--port', String(primary.port), '--username', ADMINISTRATOR],
      ...['--checkpoint=fast', '--no-sync', '--wal-method=stream'],
    ],
    user,
  );
  return runPostgreSql({ folder, data, args: [] });
}

async function runPostgreSql({
  folder,
  data,
  args,
}: {
  readonly folder: string;
  readonly data: string;
  readonly args: readonly string[];
}): Promise<Server> {
  const user = serverUser('postgres');
  const certificates = await makeCertificates(folder, user);
  const address = { port: await findFreePort(), socket: folder, certificates };
  const { stop, restart } = await startServerProcess({
    command: [
      ...([serverProgram('postgres'), '-D', data, '-p', String(address.port)] as const),
      ...['-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'ssl=on', ...QUICK],
      ...['-c', `ssl_cert_file=${certificates.cert}`, '-c', `ssl_key_file=${certificates.key}`],
      ...args,
    ],
    user,
    folder,
    // Ends all its processes at once, without a checkpoint.
    stopSignal: 'SIGQUIT',
    probe: () => withPostgreSql(address, (client) => client.query('SELECT 1')),
  });
  return { address, stop, restart };
}

/** The database that every other is copied from. */
export const TEMPLATE = 'glance_template';

/** Makes the database that others are copied from, which is quicker than to load the schema each time. */
export async function createPostgreSqlTemplate(address: ServerAddress): Promise<void> {
  const schema = await readFile(new URL('schema/postgresql.sql', import.meta.url), 'utf8');
  await withPostgreSql(address, (client) => client.query(`CREATE DATABASE ${TEMPLATE}`));
  const client = await connectPostgreSql(address, TEMPLATE);
  await client.query(schema);
  await client.query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${GLANCE_USER}`);
  await client.end();
}

/** Connects as administrator for as long as `work` runs. */
export async function withPostgreSql<T>(
  address: ServerAddress,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connectPostgreSql(address);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Connects as administrator; the caller ends the connection. */
export async function connectPostgreSql(
  { socket, port }: ServerAddress,
  database = 'postgres',
): Promise<pg.Client> {
  const client = new pg.Client({ host: socket, port, user: ADMINISTRATOR, database });
  // A server that is stopped says so on connections that are still open.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
