import type { Fault, Mistake } from '../conf/mistake.ts';
import type {
  ConnectionSettings,
  MysqlSettings,
  PostgresqlSettings,
  SqliteSettings,
} from './connection-settings.ts';
import { readConnectionUrl, type ConnectionUrl } from './connection-url.ts';
import { UrlParameters, type ConnectionOption } from './url-parameters.ts';

/** What the configuration says of the database; `settings` is undefined when `mistakes` forbid to use it. */
export interface ConnectionReading {
  readonly settings: ConnectionSettings | undefined;
  readonly mistakes: readonly Mistake[];
}

/** The backends, and the drivers of each, whose URLs this program understands. */
const driversByBackend = new Map<string, readonly string[]>([
  ['mysql', ['pymysql', 'mysqldb', 'mysqlconnector']],
  ['mariadb', ['pymysql', 'mysqldb', 'mysqlconnector', 'mariadbconnector']],
  ['postgresql', ['psycopg2', 'psycopg']],
  ['sqlite', ['pysqlite']],
]);

/**
 * Reads `[database] connection` and `connection_parameters` as oslo.db hands them to SQLAlchemy
 * (oslo_db/sqlalchemy/engines.py, `create_engine`).
 *
 * @param connection the URL
 * @param parameters further URL parameters to append, such as `charset=utf8mb4`; undefined for none
 */
export function readConnection(
  connection: ConnectionOption,
  parameters?: ConnectionOption,
): ConnectionReading {
  const { option, origin } = connection;
  const refuse = (fault: Fault) => ({
    settings: undefined,
    mistakes: [{ option, origin, ...fault }],
  });
  const reading = readConnectionUrl(connection.value);
  if (reading.kind === 'wrong') return refuse(reading.fault);
  const fault = findBackendFault(reading.url);
  if (fault !== undefined) return refuse(fault);

  const query = new UrlParameters();
  query.add(reading.url.query, connection);
  if (parameters !== undefined) query.add(parameters.value, parameters);
  const settings = readSettings(reading.url, query);
  query.refuseOthers();
  const lack = findLack(settings);
  const mistakes = [
    ...query.mistakes,
    ...(lack === undefined ? [] : [{ option, origin, ...lack }]),
  ];
  return { settings: mistakes.length === 0 ? settings : undefined, mistakes };
}

function findBackendFault({ backend, driver }: ConnectionUrl): Fault | undefined {
  const drivers = driversByBackend.get(backend);
  if (drivers === undefined) {
    const remedy = 'write mysql, mariadb, postgresql or sqlite';
    return { problem: `names "${backend}", a database this program does not know`, remedy };
  }
  if (driver === undefined || drivers.includes(driver)) return undefined;
  const known = drivers.map((name) => `${backend}+${name}`).join(', ');
  return {
    problem: `names "${backend}+${driver}", a driver this program does not know`,
    remedy: `write ${backend} alone, or one of ${known}`,
  };
}

function readSettings(url: ConnectionUrl, query: UrlParameters): ConnectionSettings {
  if (url.backend === 'sqlite') return readSqlite(url);
  return url.backend === 'postgresql' ? readPostgresql(url, query) : readMysql(url, query);
}

/** sqlalchemy/dialects/mysql/mysqldb.py, `create_connect_args`, and pymysql/connections.py. */
function readMysql(url: ConnectionUrl, query: UrlParameters): MysqlSettings {
  // Text travels as utf8mb4, which holds whatever these can. The other two are about Python's types.
  query.word('charset', ['utf8mb4', 'utf8mb3', 'utf8', 'latin1', 'ascii']);
  query.flag('use_unicode');
  query.flag('binary_prefix');
  return {
    dialect: 'mysql',
    host: url.host,
    port: url.port,
    user: url.user,
    password: url.password,
    database: url.database,
    socketPath: query.text('unix_socket'),
    connectTimeout: query.count('connect_timeout'),
    tls: {
      ca: query.text('ssl_ca'),
      cert: query.text('ssl_cert'),
      key: query.text('ssl_key'),
      verifyCertificate: query.flag('ssl_verify_cert'),
      verifyIdentity: query.flag('ssl_verify_identity'),
      checkHostname: query.flag('ssl_check_hostname'),
    },
    optionFile: findOptionFile(query),
  };
}

/** PyMySQL reads `[client]` unless told otherwise, and `/etc/my.cnf` when only a group is named. */
function findOptionFile(query: UrlParameters): MysqlSettings['optionFile'] {
  const path = query.text('read_default_file');
  const group = query.text('read_default_group');
  if (path === undefined && group === undefined) return undefined;
  return { path: path ?? '/etc/my.cnf', group: group ?? 'client' };
}

/** sqlalchemy/dialects/postgresql/psycopg2.py, `create_connect_args`: parameters beat the URL's own parts. */
function readPostgresql(url: ConnectionUrl, query: UrlParameters): PostgresqlSettings {
  const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
  return {
    dialect: 'postgresql',
    host: query.text('host') ?? url.host,
    port: query.count('port') ?? url.port,
    user: url.user,
    password: url.password,
    database: url.database,
    connectTimeout: query.count('connect_timeout'),
    sslMode: query.word('sslmode', modes) ?? 'prefer',
    sslRootCert: query.text('sslrootcert'),
    sslCert: query.text('sslcert'),
    sslKey: query.text('sslkey'),
  };
}

/** `sqlite:///glance.db` is relative, `sqlite:////var/lib/glance.db` absolute. */
function readSqlite(url: ConnectionUrl): SqliteSettings {
  return { dialect: 'sqlite', file: url.host === undefined ? (url.database ?? '') : '' };
}

function findLack(settings: ConnectionSettings): Fault | undefined {
  switch (settings.dialect) {
    case 'sqlite':
      return ['', ':memory:'].includes(settings.file) ? noFile : undefined;
    case 'postgresql':
      if (settings.host?.includes(',')) return severalHosts;
      return settings.database === undefined ? noDatabase : undefined;
    case 'mysql':
      return (settings.database ?? settings.optionFile) ? undefined : noDatabase;
  }
}

const noFile: Fault = {
  problem: 'names no SQLite file',
  remedy: 'write sqlite:////absolute/path, with four slashes, or sqlite:///relative/path',
};
const noDatabase: Fault = {
  problem: 'names no database',
  remedy: 'add its name after the host, as in mysql+pymysql://glance:PASSWORD@HOST/glance',
};
const severalHosts: Fault = {
  problem: 'names several hosts',
  remedy: 'name the one to work on, in a file of its own given with a second --config-file',
};
