import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Libsql from 'libsql';
import type { ProvidedContext } from 'vitest';
import { asRows, type Row } from '../../src/database/driver-values.ts';
import { connectMariaDb, withMariaDb } from './mariadb-server.ts';
import { connectPostgreSql, TEMPLATE, withPostgreSql } from './postgresql-server.ts';
import { GLANCE_PASSWORD, GLANCE_USER, type ServerAddress } from './servers-address.ts';

export type DialectName = 'mysql' | 'postgresql' | 'sqlite';

/** Every database this program works on, for `describe.each`. */
export const DIALECTS: readonly DialectName[] = ['mysql', 'postgresql', 'sqlite'];

/** A connection as administrator, for what a test does behind the program's back. */
export interface AdminSession {
  /** Runs one statement. `?` stands for a value; rows come as arrays, times of MariaDB as text. */
  readonly run: (sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;
  readonly close: () => Promise<void>;
}

/** A fresh database with Glance's own schema. */
export interface GlanceDatabase {
  readonly dialect: DialectName;
  /** its name on the server, or the SQLite file's path */
  readonly name: string;
  /** for `[database] connection`, as the user glance */
  readonly url: string;
  /** Runs one statement as administrator, as AdminSession does. */
  readonly run: AdminSession['run'];
  /** Opens a further connection as administrator; the caller closes it. */
  readonly connect: () => Promise<AdminSession>;
  /** Connects anew for `run`, whose connection does not outlive the server. */
  readonly reconnect: () => Promise<void>;
  readonly drop: () => Promise<void>;
}

let databases = 0;

/**
 * Makes a database for one test file, on the servers that all files share unless another is given.
 * The caller drops it.
 */
export async function createGlanceDatabase(
  dialect: DialectName,
  server?: ServerAddress,
): Promise<GlanceDatabase> {
  databases += 1;
  const name = `glance_${process.pid}_${databases}`;
  switch (dialect) {
    case 'mysql':
      return createOnMariaDb(server ?? (await sharedServers()).mysql, name);
    case 'postgresql':
      return createOnPostgreSql(server ?? (await sharedServers()).postgresql, name);
    case 'sqlite':
      return createFile();
  }
}

/** Loaded only when asked for, so that a benchmark may use this file outside vitest. */
async function sharedServers(): Promise<ProvidedContext['servers']> {
  const { inject } = await import('vitest');
  return inject('servers');
}

async function createOnMariaDb(server: ServerAddress, name: string): Promise<GlanceDatabase> {
  const schema = await readSchema('./schema/mariadb.sql');
  await withMariaDb(server, async (connection) => {
    await connection.query(`CREATE DATABASE ${name} DEFAULT CHARACTER SET utf8mb3; USE ${name}`);
    await connection.query(schema);
    await connection.query(`GRANT ALL ON ${name}.* TO ${GLANCE_USER}@'%'`);
  });
  const connect = () => mariaDbSession(server, name);
  let session = await connect();
  return {
    dialect: 'mysql',
    name,
    url: urlFor('mysql+pymysql', server, name),
    run: (...statement) => session.run(...statement),
    connect,
    reconnect: async () => {
      session = await connect();
    },
    drop: async () => {
      await session.run(`DROP DATABASE ${name}`);
      await session.close();
    },
  };
}

/** A session as administrator on any server that has the database, such as another node of a cluster. */
export async function mariaDbSession(server: ServerAddress, name: string): Promise<AdminSession> {
  const connection = await connectMariaDb(server, name);
  return {
    run: async (sql, values = []) => {
      const [rows] = await connection.query(sql, [...values]);
      return asRows(rows);
    },
    close: () => connection.end(),
  };
}

async function createOnPostgreSql(server: ServerAddress, name: string): Promise<GlanceDatabase> {
  await withPostgreSql(server, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`),
  );
  const connect = () => postgreSqlSession(server, name);
  let session = await connect();
  return {
    dialect: 'postgresql',
    name,
    url: urlFor('postgresql+psycopg2', server, name),
    run: (...statement) => session.run(...statement),
    connect,
    reconnect: async () => {
      session = await connect();
    },
    drop: async () => {
      await session.close();
      await withPostgreSql(server, (admin) => admin.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

async function postgreSqlSession(server: ServerAddress, name: string): Promise<AdminSession> {
  const client = await connectPostgreSql(server, name);
  return {
    run: async (sql, values = []) => {
      let position = 0;
      const numbered = () => `$${(position += 1)}`;
      const text = values.length === 0 ? sql : sql.replaceAll('?', numbered);
      const { rows } = await client.query({ text, values: [...values], rowMode: 'array' });
      return asRows(rows);
    },
    close: () => client.end(),
  };
}

async function createFile(): Promise<GlanceDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gsb-sqlite-'));
  const name = path.join(folder, 'glance.sqlite');
  const schema = await readSchema('../../demo/schema.sql');
  const connect = () => Promise.resolve(fileSession(name));
  const { run, close } = await connect();
  for (const statement of schema.split(';\n')) if (statement.trim() !== '') await run(statement);
  return {
    dialect: 'sqlite',
    name,
    url: `sqlite:///${name}`,
    run,
    connect,
    reconnect: () => Promise.resolve(),
    drop: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function fileSession(file: string): AdminSession {
  const database = new Libsql(file);
  // As SQLAlchemy opens it: SQLite checks no foreign keys unless told to.
  database.exec('PRAGMA foreign_keys = 0');
  return {
    run: (sql, values = []) => {
      const statement = database.prepare(sql);
      if (statement.reader) return Promise.resolve(asRows(statement.raw().all(...values)));
      statement.run(...values);
      return Promise.resolve([]);
    },
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

/** The URL of a database of the user glance; the other users of the tests have the same password. */
export function urlFor(
  scheme: string,
  { port }: ServerAddress,
  database: string,
  user = GLANCE_USER,
): string {
  return `${scheme}://${user}:${encodeURIComponent(GLANCE_PASSWORD)}@127.0.0.1:${port}/${database}`;
}

async function readSchema(file: string): Promise<string> {
  return readFile(new URL(file, import.meta.url), 'utf8');
}
