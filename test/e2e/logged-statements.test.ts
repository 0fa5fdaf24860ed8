import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { readLocations, seedLocations } from '../support/servers-locations.ts';
import { type LoggingServer, startLoggingServer } from '../support/statement-log.ts';
import { makeWorkplace } from '../support/workplace.ts';

const secret = 's3cret/of+the-store';
const conf = `[DEFAULT]
enabled_backends = offsite:s3
[glance_store]
default_backend = offsite
[offsite]
s3_store_host = https://s3.example.com
s3_store_access_key = AKEY
s3_store_secret_key = ${secret}
s3_store_bucket = images
`;

describe.each(['mysql', 'postgresql'] as const)('the log of a server, %s', (dialect) => {
  const workplace = makeWorkplace();
  let server: LoggingServer;
  let database: GlanceDatabase;
  beforeAll(async () => {
    server = await startLoggingServer(dialect);
    database = await createGlanceDatabase(dialect, server.address);
    const image = (id: number) => `0ddba115-0000-4000-8000-${String(id).padStart(12, '0')}`;
    const rows = Array.from({ length: 4_000 }, (_, index) => index + 1).map((id) => ({
      id,
      imageId: image(id),
      value: `s3+https://AKEY:${secret}@s3.example.com/images/${image(id)}`,
    }));
    await seedLocations(database, rows);
    workplace.write('glance-api.conf', conf);
  });
  afterAll(async () => {
    workplace.remove();
    await database.drop();
    await server.stop();
  });

  it('has no login of a URL, although rows are told by their URLs', async () => {
    for (const options of [['--dry-run'], ['--journal', 'none'], ['--dry-run']]) {
      const { code, stderr } = await workplace.run(
        ['backfill', '--config-file', 'glance-api.conf', ...options],
        { OS_DATABASE__CONNECTION: database.url },
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
    const texts = new Set((await readLocations(database)).map(({ metaData }) => metaData));
    expect(texts).toEqual(new Set(['{"store": "offsite"}']));
    const statements = (await server.statements()).join('\n');
    const hex = (text: string) => Buffer.from(text).toString('hex');
    // The rows were told and written by their URLs.
    expect(statements).toMatch(/\(LEFT\(value, \d+\).* AS kind/);
    expect(statements).toMatch(/UPDATE image_locations .*\(LEFT\(value, \d+\)/);
    for (const word of [secret, 'AKEY', hex(secret), hex('AKEY')]) {
      expect(statements).not.toContain(word);
    }
  });
});
