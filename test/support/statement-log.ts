import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectMariaDb, startMariaDb } from './mariadb-server.ts';
import { createPostgreSqlTemplate, startPostgreSql } from './postgresql-server.ts';
import type { Server } from './servers-address.ts';

/** A private server that keeps every statement. */
export interface LoggingServer extends Server {
  /** The statements of the user glance up to now, oldest first. */
  readonly statements: () => Promise<readonly string[]>;
}

/** Starts a server of this dialect; the caller stops it. */
export async function startLoggingServer(dialect: 'mysql' | 'postgresql'): Promise<LoggingServer> {
  return dialect === 'mysql' ? startOnMariaDb() : startOnPostgreSql();
}

async function startOnMariaDb(): Promise<LoggingServer> {
  const server = await startMariaDb(['--general-log', '--log-output=TABLE']);
  const statements = async () => {
    const connection = await connectMariaDb(server.address);
    const [rows] = await connection.query(
      `SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log
       WHERE command_type = 'Query' AND user_host LIKE 'glance%' ORDER BY event_time`,
    );
    await connection.end();
    return (rows as unknown as string[][]).map(([text = '']) => text);
  };
  return { ...server, statements };
}

async function startOnPostgreSql(): Promise<LoggingServer> {
  const settings = ['log_statement=all', 'logging_collector=on', 'log_line_prefix=<%u>'];
  const server = await startPostgreSql(settings.flatMap((setting) => ['-c', setting]));
  await createPostgreSqlTemplate(server.address);
  const folder = join(server.address.socket, 'data/log');
  const statements = () => {
    const log = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const said = log.join('').matchAll(/^<glance>LOG: {2}(?:statement|execute [^:]+): (.*)$/gm);
    return Promise.resolve([...said].map(([, text = '']) => text));
  };
  return { ...server, statements };
}

/** A statement without what differs from batch to batch: ids, limits, texts and times of rows. */
export function shapeOf(statement: string): string {
  return statement
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/\bIN \(\d+(, \d+)*\)/g, 'IN (ids)')
    .replace(/= ANY\((\$\d+|'\{[\d,]*\}')\)/g, '= ANY(ids)')
    .replace(/\bBETWEEN \d+ AND \d+(?: AND id NOT IN \(ids\))?/g, 'BETWEEN ids')
    .replace(/\bWHEN -\d+ THEN (\$\d+|'(?:[^'\\]|\\.)*')/g, 'WHEN -1 THEN text')
    .replace(/\b(id >|id <=|LIMIT) (\$\d+|'?\d+'?)/g, '$1 n')
    .replace(/\b(meta_data|updated_at) = (\$\d+|'(?:[^'\\]|\\.)*')/g, '$1 = text');
}
