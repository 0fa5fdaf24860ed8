import type { TestProject } from 'vitest/node';
import { startMariaDb } from './mariadb-server.ts';
import { createPostgreSqlTemplate, startPostgreSql } from './postgresql-server.ts';
import type { Server, ServerAddress } from './servers-address.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** the servers that all tests of a run share; each test file makes databases of its own on them */
    readonly servers: { readonly mysql: ServerAddress; readonly postgresql: ServerAddress };
  }
}

/** The projects whose tests need servers. */
const PROJECTS = ['integration', 'e2e', 'soak'];

/** Starts the servers before the first test, and returns what ends them after the last (vitest's `globalSetup`). */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const needed = project.vitest.projects.some(({ name }) => PROJECTS.includes(name));
  if (!needed) return undefined;
  const servers = await startBoth();
  const [mysql, postgresql] = servers;
  await createPostgreSqlTemplate(postgresql.address);
  project.provide('servers', { mysql: mysql.address, postgresql: postgresql.address });
  return async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
}

/** Starts one beside the other; when one fails the other does not stay. */
async function startBoth(): Promise<readonly [mysql: Server, postgresql: Server]> {
  const started = await Promise.allSettled([startMariaDb(), startPostgreSql()]);
  const [mysql, postgresql] = started;
  if (mysql.status === 'fulfilled' && postgresql.status === 'fulfilled') {
    return [mysql.value, postgresql.value];
  }
  const reasons: unknown[] = [];
  for (const outcome of started) {
    if (outcome.status === 'fulfilled') await outcome.value.stop();
    else reasons.push(outcome.reason);
  }
  throw new AggregateError(reasons, 'the servers for the tests do not start');
}
