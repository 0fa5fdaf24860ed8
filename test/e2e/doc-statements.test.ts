import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../../src/database/driver-values.ts';
import { readPage } from '../support/doc-pages.ts';
import { oneStoreConf } from '../support/file-stores.ts';
import type { CodeBlock } from '../support/markdown.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { fillLocations, seedLocations } from '../support/servers-locations.ts';
import { type LoggingServer, shapeOf, startLoggingServer } from '../support/statement-log.ts';
import { makeWorkplace } from '../support/workplace.ts';

const page = readPage('docs/dba-faq.md');

/** The statements of the page's SQL blocks. */
const statementsOf = (blocks: readonly CodeBlock[]) =>
  blocks.flatMap(({ text }) => text.split(/;$/m)).filter((statement) => statement.trim() !== '');

/** The page's way to count the rows that have no store. */
const [countWithoutStore = ''] = statementsOf(
  page.blocks.filter(({ language, marks }) => language === 'sql' && marks.length === 0),
).filter((statement) => statement.includes('NOT LIKE'));

const dialects = [
  { dialect: 'mysql', mark: 'mariadb' },
  { dialect: 'postgresql', mark: 'postgresql' },
] as const;

describe.each(dialects)('what docs/dba-faq.md says is sent to $mark', ({ dialect, mark }) => {
  const workplace = makeWorkplace();
  let server: LoggingServer;
  let database: GlanceDatabase;
  let sent: readonly string[];
  let before: readonly Row[];

  beforeAll(async () => {
    server = await startLoggingServer(dialect);
    database = await createGlanceDatabase(dialect, server.address);
    await fillLocations(database, 20);
    await seedLocations(database, [{ id: 21, value: 'file:///images/one-of-its-own' }]);
    before = await database.run(countWithoutStore);
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
    const told = page.blocks.filter(({ marks }) => marks.includes(mark) && marks.includes('sent'));
    expect([...new Set(statementsOf(told).map(shapeOf))].sort()).toEqual([...sent].sort());
  });

  it('and its count of rows without a store tells that none is left', async () => {
    const after = await database.run(countWithoutStore);
    expect([before, after].map((rows) => Number(rows[0]?.[0]))).toEqual([21, 0]);
  });
});
