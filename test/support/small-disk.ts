import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMariaDb } from './mariadb-server.ts';
import { createPostgreSqlTemplate, startPostgreSql } from './postgresql-server.ts';
import type { Server } from './servers-address.ts';
import type { GlanceDatabase } from './servers-database.ts';
import { runProgram, serverUser } from './servers-process.ts';

/** A server whose disk can be full, as far as it knows. */
export interface SmallDisk {
  readonly server: Server;
  /** Readies a database whose locations are in it. */
  readonly prepare: (database: GlanceDatabase) => Promise<void>;
  /** Leaves no room for more. */
  readonly fill: (database: GlanceDatabase) => Promise<void>;
  readonly free: (database: GlanceDatabase) => Promise<void>;
}

export const startSmallDisk = {
  mysql: startSmallMariaDb,
  postgresql: startSmallPostgreSql,
} as const;

/** Has all tables in files that do not grow; what fills them is a table beside Glance's. */
async function startSmallMariaDb(): Promise<SmallDisk> {
  const server = await startMariaDb([
    '--innodb-data-file-path=ibdata1:12M;ibdata2:8M',
    '--innodb-file-per-table=0',
  ]);
  const freeBytes = `SELECT data_free FROM information_schema.tables WHERE table_schema = ? AND table_name = 'image_locations'`;
  return {
    server,
    prepare: () => Promise.resolve(),
    async fill(database) {
      await database.run('CREATE TABLE ballast (pad VARBINARY(8000))');
      for (;;) {
        try {
          await database.run(`INSERT INTO ballast VALUES (REPEAT('x', 7000))`);
        } catch (error) {
          if (/is full/.test(String(error))) return;
          throw error;
        }
      }
    },
    async free(database) {
      const before = await database.run(freeBytes, [database.name]);
      await database.run('DROP TABLE ballast');
      // The server gives its pages back a little later.
      const enough = Number(before[0]?.[0]) + 1024 * 1024;
      while (Number((await database.run(freeBytes, [database.name]))[0]?.[0]) < enough)
        await sleep(50);
    },
  };
}

/** Lets its processes make no file longer than the table is, and a bit: of a new page a part alone fits, as on a full disk. */
async function startSmallPostgreSql(): Promise<SmallDisk> {
  const server = await startPostgreSql(['-c', 'autovacuum=off', '-c', 'jit=off']);
  await createPostgreSqlTemplate(server.address);
  const pidFile = path.join(server.address.socket, 'data/postmaster.pid');
  const postmaster = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
  // Whoever it runs as may set it.
  const user = serverUser('postgres');
  const limit = (pid: number, bytes: string) => {
    runProgram(['prlimit', '--pid', String(pid), `--fsize=${bytes}:`], user);
  };
  return {
    server,
    async prepare(database) {
      // Longer than the files of the write-ahead log, to which the limit applies as well; and no page with room for a row.
      await database.run('ALTER TABLE image_locations ALTER meta_data SET STORAGE PLAIN');
      await database.run(
        `INSERT INTO image_locations (id, image_id, value, meta_data, status, deleted, created_at)
         SELECT 100000 + n, image_id, value, repeat('x', 8000), status, deleted, created_at
         FROM image_locations, generate_series(1, 2500) AS numbers (n) WHERE id = 1`,
      );
      await database.run('DELETE FROM image_locations WHERE id > 100000');
    },
    async fill(database) {
      const [size] = await database.run(`SELECT pg_relation_size('image_locations')`);
      const backends = await database.run(
        `SELECT pid FROM pg_stat_activity WHERE usename = 'glance'`,
      );
      const bytes = String(Number(size?.[0]) + 4096);
      for (const pid of [postmaster, ...backends.map(([one]) => Number(one))]) limit(pid, bytes);
    },
    free() {
      limit(postmaster, 'unlimited');
      return Promise.resolve();
    },
  };
}
