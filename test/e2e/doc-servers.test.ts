import process from 'node:process';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readPagesFor } from '../support/doc-pages.ts';
import { programFolder, runSteps } from '../support/doc-run.ts';
import { oneStoreConf } from '../support/file-stores.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { fillLocations } from '../support/servers-locations.ts';
import { makeWorkplace } from '../support/workplace.ts';

describe.each(readPagesFor('servers'))('$path', ({ commands }) => {
  const place = makeWorkplace();
  let mariadb: GlanceDatabase;
  let postgresql: GlanceDatabase;
  beforeAll(async () => {
    mariadb = await createGlanceDatabase('mysql');
    postgresql = await createGlanceDatabase('postgresql');
    await fillLocations(mariadb, 20);
    place.write('home/glance-api.conf', oneStoreConf);
    place.write('home/.my.cnf', mysqlOptions(mariadb));
  });
  afterAll(async () => {
    await mariadb.drop();
    await postgresql.drop();
    place.remove();
  });

  it('has commands that work where Glance has its database on a server', async () => {
    // The databases of a test have names of their own.
    const moved = commands.map(({ command }) =>
      command
        .replace(/^(mysqldump .*) glance /, `$1 ${mariadb.name} `)
        .replace(/^(pg_dump .*) glance /, `$1 ${postgresql.name} `),
    );
    const { socket, port } = inject('servers').postgresql;
    const runs = await runSteps(moved, place, {
      PATH: [programFolder(place), process.env['PATH']].join(':'),
      OS_DATABASE__CONNECTION: mariadb.url,
      // Who dumps a database is its administrator.
      ...{ PGHOST: socket, PGPORT: String(port), PGUSER: 'postgres' },
    });
    expect(runs.filter(({ code }) => code !== 0)).toEqual([]);
    expect(runs).toHaveLength(commands.length);
  });
});

/** What `~/.my.cnf` tells the clients of MariaDB. */
function mysqlOptions({ url }: GlanceDatabase): string {
  const { hostname, port, username, password } = new URL(url);
  return [
    ...['[client]', `host = ${hostname}`, `port = ${port}`, `user = ${username}`],
    `password = "${decodeURIComponent(password)}"`.replaceAll('%"', '%\\"'),
  ].join('\n');
}
