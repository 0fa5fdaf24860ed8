import { connect, isIP, type Socket } from 'node:net';
import { hostname, userInfo } from 'node:os';
import type { Knex } from 'knex';
import type { MysqlSettings } from '../connection-settings.ts';
import { DatabaseError, type DriverError } from '../errors.ts';
import type { Peer } from '../failures.ts';
import { readNamedFile, readSystemAuthorities } from '../connection-files.ts';
import type { Attempt, DriverConfig } from './attempt.ts';
import { resolveMysqlTls, type MysqlTls } from './mysql-tls.ts';

/** mysql2's options as knex declares them, with those it does not. */
interface MysqlOptions extends Knex.MySql2ConnectionConfig {
  readonly jsonStrings: boolean;
}

/** What mysql2 takes for TLS; certificates and key in PEM. */
interface MysqlTlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Milliseconds without a word after which the other end is asked whether it still lives. */
const keepAliveMs = 10_000;

/** The server as messages name it. */
export function mysqlPeer(settings: MysqlSettings): Peer {
  const { host, port } = endpoint(settings);
  return {
    server: settings.socketPath ?? `${isIP(host) === 6 ? `[${host}]` : host}:${port}`,
    database: settings.database ?? '',
    user: userOf(settings),
  };
}

/**
 * How to reach the server through mysql2. Without a word about TLS that is plainly first, as older PyMySQL does, then
 * with TLS but no questions, as newer PyMySQL and MySQLdb prefer: some accounts demand it.
 *
 * @throws DatabaseError when there is no database name, or a certificate cannot be read
 */
export async function mysqlAttempts(settings: MysqlSettings): Promise<readonly Attempt[]> {
  if (settings.database === undefined) {
    throw new DatabaseError('[database] connection and its option file name no database', 'fatal');
  }
  const tls = resolveMysqlTls(settings.tls);
  const base = connectionOptions(settings);
  const final = (connection: MysqlOptions): Attempt => ({
    driver: driver(connection),
    worthAnother: () => false,
  });
  if (tls !== undefined) return [final(await withTls(base, settings, tls))];
  const demandsTls = ({ code }: DriverError) => ['1045', '3159'].includes(code);
  return [
    { driver: driver(base), worthAnother: demandsTls },
    final({ ...base, ssl: { rejectUnauthorized: false } }),
  ];
}

function driver(connection: MysqlOptions): DriverConfig {
  return { client: 'mysql2', connection };
}

function connectionOptions(settings: MysqlSettings): MysqlOptions {
  const { password, database, socketPath, connectTimeout } = settings;
  return {
    ...(socketPath === undefined ? endpoint(settings) : { socketPath }),
    user: userOf(settings),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    // Seconds, and the same default as PyMySQL's.
    connectTimeout: (connectTimeout ?? 10) * 1000,
    keepAliveInitialDelay: keepAliveMs,
    // Half the time of rows as objects.
    rowsAsArray: true,
    // Text as it stands: a Date would shift it, and MariaDB's JSON columns would come parsed.
    dateStrings: true,
    jsonStrings: true,
    // No server shall ask for files of this machine.
    flags: '-LOCAL_FILES',
    // For whoever looks through a proxy: performance_schema.session_connect_attrs.
    connectAttributes: {
      program_name: 'glance-store-backfill',
      _pid: String(process.pid),
      client_host: hostname(),
    },
  };
}

async function withTls(
  base: MysqlOptions,
  settings: MysqlSettings,
  tls: MysqlTls,
): Promise<MysqlOptions> {
  const { host, port } = endpoint(settings);
  const fixed = tls.verifyIdentity && isIP(host) > 0 && settings.socketPath === undefined;
  return {
    ...base,
    ssl: await readCertificates(tls),
    ...(fixed ? { stream: () => connectNamed(host, port) } : {}),
  };
}

async function readCertificates(tls: MysqlTls): Promise<MysqlTlsOptions> {
  const { cert, key, verifyCertificate, verifyIdentity } = tls;
  const ca =
    tls.ca === undefined ? await readSystemAuthorities() : await readNamedFile('ssl_ca', tls.ca);
  return {
    rejectUnauthorized: verifyCertificate,
    verifyIdentity,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert: await readNamedFile('ssl_cert', cert) }),
    ...(key === undefined ? {} : { key: await readNamedFile('ssl_key', key) }),
  };
}

/**
 * For a host given as an address mysql2 would have the certificate checked for `localhost`: Node's TLS asks the socket
 * for its host, which only a look-up of a name sets.
 */
function connectNamed(host: string, port: number): Socket {
  const socket = connect(port, host).setNoDelay(true).setKeepAlive(true, keepAliveMs);
  return Object.assign(socket, { _host: host });
}

function endpoint({ host, port }: MysqlSettings): { readonly host: string; readonly port: number } {
  return { host: host ?? 'localhost', port: port ?? 3306 };
}

/** PyMySQL's default is the user who runs the program. */
function userOf({ user }: MysqlSettings): string {
  return user ?? userInfo().username;
}
