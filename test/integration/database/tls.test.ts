import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { GLANCE_PASSWORD } from '../../support/servers-address.ts';
import {
  createGlanceDatabase,
  urlFor,
  type GlanceDatabase,
} from '../../support/servers-database.ts';
import { failureOf } from '../../support/servers-failure.ts';
import { openTable } from '../../support/servers-table.ts';

describe('MySQL', () => {
  const server = inject('servers').mysql;
  const { ca, otherCa, cert, key } = server.certificates;
  let database: GlanceDatabase;

  beforeAll(async () => {
    database = await createGlanceDatabase('mysql');
    for (const [user, demand] of [
      ['tls_user', 'SSL'],
      ['certified_user', 'X509'],
    ]) {
      await database.run(`CREATE USER ${user}@'%' IDENTIFIED BY ? REQUIRE ${demand}`, [
        GLANCE_PASSWORD,
      ]);
      await database.run(`GRANT ALL ON ${database.name}.* TO ${user}@'%'`);
    }
  });

  afterAll(async () => {
    await database.run(`DROP USER tls_user@'%', certified_user@'%'`);
    await database.drop();
  });

  /** The URL of an account that the server lets in over TLS alone. */
  const url = (parameters: string, host = '127.0.0.1', user = 'tls_user') =>
    urlFor('mysql', server, database.name, user).replace('@127.0.0.1', `@${host}`) + parameters;

  it.each([
    ['says nothing of TLS', '', '127.0.0.1'],
    ['names the authority of the server', `?ssl_ca=${ca}`, '127.0.0.1'],
    [
      'has certificate and address verified',
      `?ssl_ca=${ca}&ssl_verify_cert=true&ssl_verify_identity=true`,
      '127.0.0.1',
    ],
    ['has the host name left alone', `?ssl_ca=${ca}&ssl_check_hostname=false`, 'localhost'],
    ['has the certificate verified and no more', `?ssl_ca=${ca}&ssl_verify_cert=true`, 'localhost'],
    ['has nothing verified', `?ssl_ca=${otherCa}&ssl_verify_cert=false`, 'localhost'],
    ['gives a certificate of its own', `?ssl_cert=${cert}&ssl_key=${key}`, 'localhost'],
  ])('connects with TLS when the URL %s', async (_, parameters, host) => {
    const table = await openTable(url(parameters, host));
    expect(await table.lastId()).toBe(0);
    await table.close();
  });

  it.each([
    ['another authority', `?ssl_ca=${otherCa}`, '127.0.0.1', /certificate/],
    ['another host name', `?ssl_ca=${ca}`, 'localhost', /localhost.*altnames/],
    [
      'another host name, verified expressly',
      `?ssl_ca=${ca}&ssl_verify_identity=true`,
      'localhost',
      /altnames/,
    ],
    ['authorities of the system alone', '?ssl_verify_cert=true', '127.0.0.1', /certificate/],
    [
      'an authority whose file is missing',
      '?ssl_ca=/nowhere/ca.pem',
      '127.0.0.1',
      /ssl_ca.*no such file/,
    ],
  ])('refuses the server when the URL names %s', async (_, parameters, host, words) => {
    const { kind, message } = await failureOf(openTable(url(parameters, host)));
    expect(kind).toBe('fatal');
    expect(message).toMatch(words);
    expect(message).not.toContain(GLANCE_PASSWORD);
  });

  it('shows its own certificate to a server that asks for one', async () => {
    const parameters = `?ssl_ca=${ca}&ssl_cert=${cert}&ssl_key=${key}`;
    const table = await openTable(url(parameters, '127.0.0.1', 'certified_user'));
    await table.close();
    const { message } = await failureOf(
      openTable(url(`?ssl_ca=${ca}`, '127.0.0.1', 'certified_user')),
    );
    expect(message).toContain('refuses the login');
  });
});

describe('PostgreSQL', () => {
  const server = inject('servers').postgresql;
  const { ca, otherCa } = server.certificates;
  let database: GlanceDatabase;

  beforeAll(async () => {
    database = await createGlanceDatabase('postgresql');
  });

  afterAll(() => database.drop());

  const url = (parameters: string, user?: string, host = '127.0.0.1') =>
    urlFor('postgresql', server, database.name, user).replace('@127.0.0.1', `@${host}`) +
    parameters;

  /** Whether the server sees the program's connection encrypted. */
  async function isEncrypted(address: string): Promise<boolean> {
    const table = await openTable(address);
    try {
      const [row] = await database.run(
        `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE application_name = 'glance-store-backfill' AND datname = ?`,
        [database.name],
      );
      return row?.[0] === true;
    } finally {
      await table.close();
    }
  }

  it.each([
    ['', 'glance', true],
    ['?sslmode=disable', 'glance', false],
    ['?sslmode=allow', 'glance', false],
    ['?sslmode=prefer', 'glance', true],
    ['?sslmode=require', 'glance', true],
    ['?sslmode=allow', 'tls_only', true],
    ['?sslmode=prefer', 'plain_only', false],
    [`?sslmode=require&sslrootcert=${ca}`, 'glance', true],
    [`?sslmode=verify-ca&sslrootcert=${ca}`, 'glance', true],
    [`?sslmode=verify-full&sslrootcert=${ca}`, 'glance', true],
    [`?sslmode=prefer&sslrootcert=${otherCa}`, 'glance', false],
  ])('opened with "%s" for user %s: encrypted is %s', async (parameters, user, encrypted) => {
    expect(await isEncrypted(url(parameters, user))).toBe(encrypted);
  });

  it('does not look at the host name with verify-ca', async () => {
    const address = url(`?sslmode=verify-ca&sslrootcert=${ca}`, 'glance', 'localhost');
    expect(await isEncrypted(address)).toBe(true);
  });

  it.each([
    ['an account that needs TLS, without', '?sslmode=disable', 'tls_only', /pg_hba\.conf/],
    ['an account that forbids TLS, with', '?sslmode=require', 'plain_only', /pg_hba\.conf/],
    ['another authority', `?sslmode=verify-ca&sslrootcert=${otherCa}`, 'glance', /certificate/],
    [
      'another authority, encryption required',
      `?sslmode=require&sslrootcert=${otherCa}`,
      'glance',
      /certificate/,
    ],
    ['no authority to verify against', '?sslmode=verify-full', 'glance', /needs sslrootcert/],
    [
      'authorities of the system alone',
      '?sslmode=verify-full&sslrootcert=system',
      'glance',
      /certificate/,
    ],
    [
      'an authority whose file is missing',
      '?sslmode=verify-ca&sslrootcert=/nowhere/ca',
      'glance',
      /sslrootcert.*no such file/,
    ],
  ])('refuses %s', async (_, parameters, user, words) => {
    const { kind, message } = await failureOf(openTable(url(parameters, user)));
    expect(kind).toBe('fatal');
    expect(message).toMatch(words);
    expect(message).not.toContain(GLANCE_PASSWORD);
  });

  it('refuses another host name with verify-full', async () => {
    const address = url(`?sslmode=verify-full&sslrootcert=${ca}`, 'glance', 'localhost');
    expect((await failureOf(openTable(address))).message).toMatch(/localhost.*altnames/);
  });
});
