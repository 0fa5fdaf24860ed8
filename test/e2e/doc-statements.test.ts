import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPage } from '../support/doc-pages.ts';
import { oneStoreConf } from '../support/file-stores.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { fillLocations } from '../support/servers-locations.ts';
import { type LoggingServer, shapeOf, startLoggingServer } from '../support/statement-log.ts';
import { makeWorkplace } from '../support/workplace.ts';

const dialects = [
  { dialect: 'mysql', mark: 'mariadb' },
  { dialect: 'postgresql', mark: 'postgresql' },
] as const;

describe.each(dialects)('what docs/dba-faq.md says is sent to $mark', ({ dialect, mark }) => {
  const workplace = makeWorkplace();
  let server: LoggingServer;
  let database: GlanceDatabase;
  let sent: readonly string[];

  beforeAll(async () => {
    server = await startLoggingServer(dialect);
    database = await createGlanceDatabase(dialect, server.address);
    await fillLocations(database, 20);
    workplace.write('glance-api.conf', oneStoreConf);
    const { code, stderr } = await workplace.run(
      ['backfill', '--config-file', 'glance-api.conf', '--journal', 'none'],
      { OS_DATABASE__CONNECTION: database.url },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    sent = [...new Set((await server.statements()).map(shapeOf))];
  });
  afterAll(async () => {
    workplace.remove();
    await database.drop();
    await server.stop();
  });

  it('is what a run sends, and all of it', () => {
    const told = readPage('docs/dba-faq.md')
      .blocks.filter(({ marks }) => marks.includes(mark) && marks.includes('sent'))
      .flatMap(({ text }) => text.split(';\n').map(shapeOf).filter(Boolean));
    expect([...new Set(told)].sort()).toEqual([...sent].sort());
  });
});
