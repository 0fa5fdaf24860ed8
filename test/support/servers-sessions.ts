import { setTimeout as sleep } from 'node:timers/promises';
import type { GlanceDatabase } from './servers-database.ts';

/** What a session of the program is doing. */
export type SessionState = 'connected' | 'waiting for a row lock' | 'asleep in a trigger';

/** Numbers of the program's sessions in that state. */
export async function findSessions(
  database: GlanceDatabase,
  state: SessionState,
): Promise<readonly number[]> {
  const sql = database.dialect === 'mysql' ? onMariaDb[state] : onPostgreSql[state];
  return (await database.run(sql, [database.name])).map(([id]) => Number(id));
}

/** Waits until one of the program's sessions is in that state. */
export async function awaitSession(database: GlanceDatabase, state: SessionState): Promise<number> {
  for (;;) {
    const [session] = await findSessions(database, state);
    if (session !== undefined) return session;
    // MariaDB looks anew only for who has not asked for a tenth of a second.
    await sleep(110);
  }
}

/** Ends a session as an administrator does. */
export async function killSession(database: GlanceDatabase, session: number): Promise<void> {
  await database.run(
    database.dialect === 'mysql' ? `KILL ${session}` : `SELECT pg_terminate_backend(${session})`,
  );
}

const processes = `SELECT id FROM information_schema.processlist WHERE db = ? AND user = 'glance'`;
const onMariaDb: Record<SessionState, string> = {
  connected: processes,
  'waiting for a row lock': `SELECT id FROM information_schema.innodb_trx
     JOIN information_schema.processlist ON id = trx_mysql_thread_id
     WHERE db = ? AND user = 'glance' AND trx_state = 'LOCK WAIT'`,
  // Within a trigger a session bears the name of the trigger's owner.
  'asleep in a trigger': `SELECT id FROM information_schema.processlist WHERE db = ? AND state = 'User sleep'`,
};

const backends = `SELECT pid FROM pg_stat_activity WHERE datname = ? AND usename = 'glance'`;
const onPostgreSql: Record<SessionState, string> = {
  connected: backends,
  'waiting for a row lock': `${backends} AND wait_event_type = 'Lock'`,
  'asleep in a trigger': `${backends} AND wait_event = 'PgSleep'`,
};
