import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readMessagePages, type MessageCase } from '../support/message-pages.ts';
import { runShell } from '../support/cli.ts';
import { makeSampleCloud } from '../support/sample-cloud.ts';
import { GLANCE_PASSWORD } from '../support/servers-address.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';

const cases = readMessagePages(join(import.meta.dirname, 'messages'));

/** On each server Glance's database, one without its table, and one whose table lacks a column. */
const kinds = ['DATABASE', 'EMPTY', 'OLD'] as const;
const dialects = ['mysql', 'postgresql'] as const;
const damage = {
  DATABASE: [],
  EMPTY: ['DROP TABLE image_locations'],
  OLD: ['ALTER TABLE image_locations DROP COLUMN meta_data'],
};
const databases: { variable: string; database: GlanceDatabase }[] = [];

beforeAll(async () => {
  for (const dialect of dialects) {
    for (const kind of kinds) {
      const database = await createGlanceDatabase(dialect);
      databases.push({ variable: `${dialect.toUpperCase()}_${kind}`, database });
      for (const statement of damage[kind]) await database.run(statement);
    }
  }
});
afterAll(async () => {
  for (const { database } of databases) await database.drop();
});

/** Variables for commands and, the other way round, what their values are called in messages. */
function describeServers(): Record<string, string> {
  const { mysql, postgresql } = inject('servers');
  return {
    MYSQL: `127.0.0.1:${mysql.port}`,
    POSTGRESQL: `127.0.0.1:${postgresql.port}`,
    ...Object.fromEntries(databases.map(({ variable, database }) => [variable, database.name])),
  };
}

/** Does what the operator of the case did, in a folder of its own, and writes down the answer as the pages do. */
async function answer({ conf, command }: MessageCase): Promise<string> {
  const cloud = makeSampleCloud();
  const servers = describeServers();
  const names = Object.entries({ DIR: cloud.folder, ...servers });
  cloud.write('good.conf', cloud.read('glance-api.conf.example').replaceAll(/^#.*\n/gm, ''));
  if (conf !== undefined) cloud.write('own.conf', conf);
  const script = `glance-store-backfill() { $PROGRAM "$@"; }\n${command}`;
  const environment = { ...servers, PASSWORD: encodeURIComponent(GLANCE_PASSWORD) };
  const { code, stdout, stderr } = await runShell(script, { cwd: cloud.folder, environment });
  cloud.remove();
  // A result that was not asked for would be mistaken for one.
  const said = code === 0 ? stderr : stderr + stdout;
  const named = names.reduce((text, [name, value]) => text.replaceAll(value, name), said);
  return `${named}exit code ${code}\n`;
}

describe('the program answers as its page of messages says to', () => {
  it.concurrent.each(cases)('$title ($place)', async (one) => {
    expect(await answer(one)).toBe(one.says);
  });
});

it('no two cases have the same heading', () => {
  const titles = cases.map(({ title }) => title);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
});
