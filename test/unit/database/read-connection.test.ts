import { describe, expect, it } from 'vitest';
import { renderMistake } from '../../../src/conf/mistake.ts';
import type { ConnectionSettings } from '../../../src/database/connection-settings.ts';
import { readConnection } from '../../../src/database/read-connection.ts';

const origin = { kind: 'file', file: 'glance-api.conf', line: 7 } as const;

function read(url: string, parameters?: string) {
  const connection = { option: '[database] connection', origin, value: url };
  if (parameters === undefined) return readConnection(connection);
  const source = { kind: 'file', file: 'glance-api.conf', line: 9 } as const;
  const option = '[database] connection_parameters';
  return readConnection(connection, { option, origin: source, value: parameters });
}

function settingsOf(url: string, parameters?: string): ConnectionSettings {
  const { settings, mistakes } = read(url, parameters);
  expect(mistakes).toEqual([]);
  if (settings === undefined) throw new Error('no settings');
  return settings;
}

function mistakesOf(url: string, parameters?: string): readonly string[] {
  const { settings, mistakes } = read(url, parameters);
  expect(settings).toBeUndefined();
  return mistakes.map(renderMistake);
}

describe('[database] connection', () => {
  it.each([
    'mysql',
    'mysql+pymysql',
    'mysql+mysqldb',
    'mysql+mysqlconnector',
    'mariadb',
    'mariadb+pymysql',
    'mariadb+mariadbconnector',
  ])('%s:// is MySQL', (scheme) => {
    expect(settingsOf(`${scheme}://u:p@h:3307/glance?charset=utf8`)).toEqual({
      dialect: 'mysql',
      host: 'h',
      port: 3307,
      user: 'u',
      password: 'p',
      database: 'glance',
      socketPath: undefined,
      connectTimeout: undefined,
      tls: {},
      optionFile: undefined,
    });
  });

  it.each(['postgresql', 'postgresql+psycopg2', 'postgresql+psycopg'])(
    '%s:// is PostgreSQL',
    (scheme) => {
      expect(settingsOf(`${scheme}://u:p@h:5433/glance`)).toMatchObject({
        dialect: 'postgresql',
        host: 'h',
        port: 5433,
        user: 'u',
        password: 'p',
        database: 'glance',
        sslMode: 'prefer',
      });
    },
  );

  it.each([
    ['sqlite:////var/lib/glance/glance.sqlite', '/var/lib/glance/glance.sqlite'],
    ['sqlite:///glance.sqlite', 'glance.sqlite'],
    ['sqlite+pysqlite:///a b.db', 'a b.db'],
  ])('%s is the SQLite file %s', (url, file) => {
    expect(settingsOf(url)).toEqual({ dialect: 'sqlite', file });
  });

  it.each(['sqlite://', 'sqlite:///', 'sqlite:///:memory:', 'sqlite://host/file'])(
    '%s is no file',
    (url) => {
      expect(mistakesOf(url)).toEqual([
        'glance-api.conf:7: [database] connection: names no SQLite file; write sqlite:////absolute/path, with four slashes, or sqlite:///relative/path',
      ]);
    },
  );

  it.each([
    ['oracle://u:secret@h/d', 'names "oracle", a database this program does not know'],
    ['postgres://u:secret@h/d', 'names "postgres", a database this program does not know'],
    ['mysql+asyncmy://u:secret@h/d', 'names "mysql+asyncmy", a driver this program does not know'],
    ['mysql://u:secret@h', 'names no database'],
    ['postgresql://u:secret@h/', 'names no database'],
    ['postgresql://u:secret@/d?host=a,b', 'names several hosts'],
    ['mysql://u:sec@ret@h/d', 'has more than one @'],
  ])('%s is refused, and its password not told', (url, problem) => {
    const [mistake, ...others] = mistakesOf(url);
    expect(mistake).toContain(`glance-api.conf:7: [database] connection: ${problem}`);
    expect(mistake).not.toMatch(/secret|ret@/);
    expect(others).toEqual([]);
  });
});

describe('the parameters of a URL', () => {
  const mysql = (query: string) => settingsOf(`mysql://u:p@h/d?${query}`);

  it.each([
    ['unix_socket=/run/my%20sql.sock', { socketPath: '/run/my sql.sock' }],
    ['connect_timeout=3', { connectTimeout: 3 }],
    ['charset=utf8mb4&use_unicode=1&binary_prefix=true', {}],
    ['charset=&ssl_ca=', { tls: {} }],
    ['read_default_file=~/.my.cnf', { optionFile: { path: '~/.my.cnf', group: 'client' } }],
    ['read_default_group=glance', { optionFile: { path: '/etc/my.cnf', group: 'glance' } }],
    ['ssl_ca=/ca&ssl_cert=/c&ssl_key=/k', { tls: { ca: '/ca', cert: '/c', key: '/k' } }],
    [
      'ssl_verify_cert=TRUE&ssl_verify_identity=0',
      { tls: { verifyCertificate: true, verifyIdentity: false } },
    ],
    ['ssl_verify_cert=none', { tls: { verifyCertificate: false } }],
    ['ssl_check_hostname=no', { tls: { checkHostname: false } }],
  ])('%s', (query, settings) => {
    expect(mysql(query)).toMatchObject(settings);
  });

  it('may stand in connection_parameters, too', () => {
    expect(settingsOf('mysql://u:p@h/d', 'charset=utf8mb4&ssl_ca=/ca')).toMatchObject({
      tls: { ca: '/ca' },
    });
  });

  it.each([
    ['host=/var/run/postgresql', { host: '/var/run/postgresql' }],
    ['host=other&port=5433', { host: 'other', port: 5433 }],
    ['sslmode=verify-full&sslrootcert=/ca', { sslMode: 'verify-full', sslRootCert: '/ca' }],
    ['sslcert=/c&sslkey=/k&connect_timeout=2', { sslCert: '/c', sslKey: '/k', connectTimeout: 2 }],
  ])('of PostgreSQL: %s', (query, settings) => {
    expect(settingsOf(`postgresql://u:p@/d?${query}`)).toMatchObject(settings);
  });

  it.each([
    [
      'mysql://u:p@h/d?ssl_capath=/x',
      'parameter "ssl_capath" is one that this program does not understand',
    ],
    [
      'mysql://u:p@h/d?ssl_verify_cert=perhaps',
      'parameter "ssl_verify_cert" is neither true nor false',
    ],
    [
      'mysql://u:p@h/d?charset=gbk',
      'parameter "charset" has a value that this program does not understand; write one of utf8mb4',
    ],
    [
      'mysql://u:p@h/d?connect_timeout=soon',
      'parameter "connect_timeout" is not a whole number above 0',
    ],
    ['mysql://u:p@h/d?charset=utf8&charset=utf8', 'parameter "charset" is given twice'],
    [
      'postgresql://u:p@h/d?sslmode=maybe',
      'parameter "sslmode" has a value that this program does not understand; write one of disable',
    ],
    ['postgresql://u:p@h/d?charset=utf8', 'parameter "charset" is one that'],
    ['sqlite:///f?timeout=5', 'parameter "timeout" is one that'],
  ])('%s is refused by name', (url, problem) => {
    expect(mistakesOf(url)).toEqual([expect.stringContaining(problem)]);
  });

  it('are all told together, each where it stands', () => {
    const mistakes = mistakesOf('mysql://u:p@h/?a=1&charset=utf8', 'b=2&charset=utf8mb4');
    expect(mistakes.map((text) => text.replace(/;.*/, ''))).toEqual([
      'glance-api.conf:9: [database] connection_parameters: parameter "charset" is given twice',
      'glance-api.conf:7: [database] connection: parameter "a" is one that this program does not understand',
      'glance-api.conf:9: [database] connection_parameters: parameter "b" is one that this program does not understand',
      'glance-api.conf:7: [database] connection: names no database',
    ]);
  });

  it('never show a value, which may be a secret', () => {
    const mistakes = mistakesOf(
      'mysql://u:p@h/d?passwd=secret&ssl_verify_cert=secret&charset=secret',
    );
    expect(mistakes).toHaveLength(3);
    expect(mistakes.join()).not.toContain('secret');
  });
});
