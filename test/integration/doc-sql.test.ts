import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOperatorPages } from '../support/doc-pages.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { fillLocations } from '../support/servers-locations.ts';

const blocks = readOperatorPages().flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language }) => language === 'sql')
    .map(({ line, marks, text }) => ({ where: `${path}:${line}`, marks, text })),
);

const servers = [
  { dialect: 'mysql', mark: 'mariadb', other: 'postgresql' },
  { dialect: 'postgresql', mark: 'postgresql', other: 'mariadb' },
] as const;

describe.each(servers)('the SQL of the pages, on $mark', ({ dialect, other }) => {
  let database: GlanceDatabase;
  beforeAll(async () => {
    database = await createGlanceDatabase(dialect);
    await fillLocations(database, 200);
  });
  afterAll(() => database.drop());

  it.each(blocks.filter(({ marks }) => !marks.includes(other)))('$where', async ({ text }) => {
    // On a connection of its own: a block may leave settings behind.
    const session = await database.connect();
    try {
      for (const statement of statementsOf(text, database)) await session.run(statement);
    } finally {
      await session.close();
    }
  });
});

it('there is SQL for both, and for each alone', () => {
  for (const mark of ['mariadb', 'postgresql']) {
    expect(blocks.some(({ marks }) => marks.includes(mark))).toBe(true);
  }
  expect(blocks.some(({ marks }) => marks.length === 0)).toBe(true);
});

/** The pages call the database `glance`. */
function statementsOf(text: string, { name }: GlanceDatabase): string[] {
  const statements = text.replaceAll('glance.image_locations', `${name}.image_locations`);
  return statements.split(/;$/m).filter((statement) => statement.trim() !== '');
}
