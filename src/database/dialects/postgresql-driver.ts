import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { PostgresqlSettings } from '../connection-settings.ts';
import { DatabaseError, type DriverError } from '../errors.ts';
import type { Peer } from '../failures.ts';
import { readNamedFile, readSystemAuthorities } from '../connection-files.ts';
import type { Attempt } from './attempt.ts';

/** The server as messages name it. */
export function postgresqlPeer(settings: PostgresqlSettings): Peer {
  const host = hostOf(settings);
  const port = settings.port ?? 5432;
  return {
    server: isSocketFolder(host)
      ? path.join(host, `.s.PGSQL.${port}`)
      : `${host.includes(':') ? `[${host}]` : host}:${port}`,
    database: settings.database ?? '',
    user: settings.user ?? userInfo().username,
  };
}

/**
 * How to reach the server through pg: with TLS, without, or one after the other, as libpq does by `sslmode`
 * (src/interfaces/libpq/fe-connect.c in PostgreSQL).
 *
 * @throws DatabaseError when a certificate cannot be read
 */
export async function postgresqlAttempts(
  settings: PostgresqlSettings,
): Promise<readonly Attempt[]> {
  const plain = attempt(settings, false);
  // A socket is never encrypted.
  if (settings.sslMode === 'disable' || isSocketFolder(hostOf(settings))) return [plain];
  const encrypted = attempt(settings, await tlsOptions(settings));
  switch (settings.sslMode) {
    case 'allow':
      return [{ ...plain, worthAnother: isRefusedHost }, encrypted];
    case 'prefer':
      return [{ ...encrypted, worthAnother: isTlsTrouble }, plain];
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return [encrypted];
  }
}

/** `no pg_hba.conf entry for host …, no encryption` */
function isRefusedHost({ code }: DriverError): boolean {
  return code === '28000';
}

function isTlsTrouble(error: DriverError): boolean {
  return isRefusedHost(error) || /ssl|tls|certificate/i.test(`${error.code} ${error.said}`);
}

function attempt(settings: PostgresqlSettings, ssl: TlsOptions | false): Attempt {
  const { port, user, password, database, connectTimeout } = settings;
  const connection = {
    host: hostOf(settings),
    port: port ?? 5432,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ssl,
    connectionTimeoutMillis: (connectTimeout ?? 10) * 1000,
    // Asks a silent server after ten seconds whether it still lives.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'glance-store-backfill',
  };
  return { driver: { client: 'pg', connection }, worthAnother: () => false };
}

/** What libpq verifies: the chain wherever it has an authority, the host name with `verify-full` alone. */
async function tlsOptions(settings: PostgresqlSettings): Promise<TlsOptions> {
  const { sslMode, sslCert, sslKey } = settings;
  const ca = await readAuthority(settings);
  if (ca === undefined && sslMode.startsWith('verify-')) {
    throw new DatabaseError(
      `sslmode=${sslMode} in [database] connection needs sslrootcert, the file of the server's authority`,
      'fatal',
    );
  }
  return {
    ...(ca === undefined ? { rejectUnauthorized: false } : { ca, rejectUnauthorized: true }),
    ...(sslMode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(sslCert === undefined ? {} : { cert: await readNamedFile('sslcert', sslCert) }),
    ...(sslKey === undefined ? {} : { key: await readNamedFile('sslkey', sslKey) }),
  };
}

/** libpq looks for `~/.postgresql/root.crt` when no file is named; `system` means the system's authorities. */
async function readAuthority({ sslRootCert }: PostgresqlSettings): Promise<string | undefined> {
  if (sslRootCert === 'system') return readSystemAuthorities();
  const usual = path.join(homedir(), '.postgresql', 'root.crt');
  const file = sslRootCert ?? (existsSync(usual) ? usual : undefined);
  return file === undefined ? undefined : readNamedFile('sslrootcert', file);
}

/** libpq's default is the folder of sockets of this machine's server. */
function hostOf({ host }: PostgresqlSettings): string {
  return host ?? process.env['PGHOST'] ?? '/var/run/postgresql';
}

function isSocketFolder(host: string): boolean {
  return host.startsWith('/');
}
