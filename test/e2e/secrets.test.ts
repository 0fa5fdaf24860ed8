import { existsSync, rmSync } from 'node:fs';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { encrypt } from '../support/encryption.ts';
import { makeSampleCloud } from '../support/sample-cloud.ts';
import { GLANCE_PASSWORD } from '../support/servers-address.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../support/servers-database.ts';
import { readRows } from '../support/sqlite-file.ts';

const cloud = makeSampleCloud();
afterAll(() => {
  cloud.remove();
});

const sampleConf = 'glance-api.conf.example';
const encryptionKey = 'not-a-real-key-of-32-characters!';

/** What the sample's configuration holds, option by option, plus a key of its own. */
const secretsOfConf = [...cloud.read(sampleConf).matchAll(/^\w*(?:key|password) = (.+)$/gm)].map(
  ([, secret = '']) => secret,
);

/** What the URLs in the sample's database hold; of a Swift URL the key alone, since the user is no secret. */
const secretsOfRows = readRows(
  cloud.databaseFile,
  `SELECT DISTINCT substr(value, 1, instr(value, '@')) AS login FROM image_locations
   WHERE value LIKE '%@%'`,
).flatMap(({ login }) => {
  const [, user = '', secret = ''] = /:\/\/(.*?):(.*)@$/.exec(String(login)) ?? [];
  return user.includes('%3A') ? [secret] : [user, secret];
});

/** Rows as no driver writes them. Wherever a secret may stand, and each `odd…` is a piece of one, it must not come out. */
const oddUrls = [
  's3+https://odd1a:odd1b/odd1c@s3.elsewhere.example.com/bucket/object',
  's3+https://odd2a:odd2b@odd2c/odd2d@odd2e@s3.example.com/no-such-bucket/object',
  's3+https://odd3a:odd3b/odd3c@s3.example.com',
  'S3+HTTPS://odd4a:odd4b/odd4c@s3.example.com/glance-images/object',
  's3://odd5a:odd5b/odd5c@s3.example.com/glance-images/object',
  's3+https:/odd6a:odd6b@s3.example.com/glance-images/object',
  'user:odd7a@s3.example.com/glance-images/object',
  's3+https://odd8a:odd8b?odd8c=1#odd8d@s3.example.com/no-such-bucket/object',
  's3+https://odd9a/odd9b:odd9c@s3.elsewhere.example.com/bucket/object',
  's3+https://odd10a:odd10b\nodd10c@s3.example.com/no-such-bucket/object',
  'swift+https://service%3Aother:odd11a@keystone.example.com:5000/v3/glance/object',
  'swift+https://service%3Aglance:odd12a@elsewhere.example.com/v3/glance/object',
  'swift+http://service%3Aglance:odd13a@keystone.example.com:5000/v3/glance/object',
  'swift://service%3Aglance:odd14a%2F@odd14b@keystone.example.com:5000/v3/other/object',
  'swift+config://user:odd15a@ref1/glance/object',
  'https://user:odd16a@images.example.com/image',
  'https://images.example.com/image?token=odd17a&X-Amz-Signature=odd17b;odd17c',
  'https://images.example.com/image#odd18a',
  'ftp://user:odd19a@images.example.com/image',
  'vsphere://user:odd20a@vcenter.example.com/folder/other/image?dcPath=DC1&dsName=ssd-01',
  'vsphere://vcenter.example.com/folder/openstack_glance/image?dcPath=DC1&dsName=no&key=odd21a',
  'cinder://user:odd22a@volumes/volume',
  'rbd://user:odd23a@6b4b29c6-1d2f-4c1e-9a53-0e4d5f6a7b80/images/image/snap',
  'file://user:odd24a@/var/lib/glance/images/image',
];
/** Texts of `meta_data` as somebody may have filled in a wrong field of a client. */
const oddTexts = [
  '{"store": "s3://odd25a:odd25b@s3.example.com/bucket"}',
  '{"store": "odd26a/odd26b"}',
  '{"store": {"key": "odd27a"}}',
  '{"origin": "https://user:odd28a@images.example.com/image", "store": "gone"}',
  '{"origin": "https:\\/\\/user:odd29a@images.example.com\\/image"}',
  '["https://user:odd30a@images.example.com/image"]',
];
const secretsOfOddTexts = oddTexts.join().match(/odd\d+[a-z]/g) ?? [];
const secretsOfOddUrls = oddUrls.flatMap((url) => url.match(/odd\d+[a-z]/g) ?? []);

const secrets = [
  ...[...secretsOfConf, ...secretsOfRows, ...secretsOfOddUrls, ...secretsOfOddTexts],
  encryptionKey,
];

/** The secrets that stand in a text, as they are or quoted for a URL. */
function findSecrets(text: string, wanted: readonly string[] = secrets): string[] {
  return wanted.filter(
    (secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)),
  );
}

/** Adds live rows to the sample's database. */
function addRows(values: readonly string[], metaData = '{}'): void {
  const database = new Database(cloud.databaseFile);
  const insert = database.prepare(
    `INSERT INTO image_locations (image_id, value, meta_data, status, created_at, deleted)
     SELECT id, ?, ?, 'active', '2024-01-01 00:00:00.000000', 0 FROM images LIMIT 1`,
  );
  for (const value of values) insert.run(value, metaData);
  database.close();
}

const outputFiles = ['report.json', 'rows.ndjson'];

/** Runs a command and returns all that it emitted, files included. */
async function emit(
  arguments_: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  for (const name of outputFiles) rmSync(cloud.path(name), { force: true });
  const { stdout, stderr } = await cloud.run(arguments_, environment);
  const files = outputFiles.filter((name) => existsSync(cloud.path(name)));
  return [stdout, stderr, ...files.map((name) => cloud.read(name))].join('\n');
}

beforeAll(() => {
  addRows(oddUrls);
  for (const text of oddTexts) addRows(['file:///var/lib/glance/images/image'], text);
  const conf = cloud.read(sampleConf);
  cloud.write(
    'with-key.conf',
    conf.replace(/^# (metadata_encryption_key =).*/m, `$1 ${encryptionKey}`),
  );
  cloud.write(
    'other-key.conf',
    conf.replace(/^# (metadata_encryption_key =).*/m, `$1 ${'k'.repeat(32)}`),
  );
});

it('the secrets looked for are those of the sample', () => {
  expect(secretsOfConf).toEqual([
    'not-a-real-key',
    'EXAMPLEACCESSKEY2',
    'not/a/real+secret2',
    'not-a-real-password',
  ]);
  expect([...secretsOfRows].sort()).toEqual([
    'EXAMPLEACCESSKEY1',
    'EXAMPLEACCESSKEY2',
    'not-a-real-key',
    'not-a-real-key-of-2021',
    'not/a/real+secret1',
    'not/a/real+secret2',
  ]);
  expect(findSecrets(oddUrls.join())).toEqual(secretsOfOddUrls);
  expect(secretsOfOddUrls.length).toBeGreaterThan(oddUrls.length);
});

describe('no secret comes out of', () => {
  const files = ['--report-file', 'report.json', '--rows-file', 'rows.ndjson'];
  const dry = ['backfill', '--dry-run', ...files];

  it.each(['table', 'json'])('explain as %s', async (format) => {
    const odd = `SELECT id FROM image_locations WHERE value LIKE '%odd%' OR meta_data LIKE '%odd%'`;
    const ids = readRows(cloud.databaseFile, odd).flatMap(({ id }) => ['--location', String(id)]);
    const text = await emit(['explain', ...ids, '-f', format, '--config-file', sampleConf]);
    expect(findSecrets(text)).toEqual([]);
    for (const sign of ['://***@', '(no store id)']) expect(text).toContain(sign);
  });

  it.each([
    ['stores', ['stores']],
    ['stores as JSON', ['stores', '-f', 'json', '--verbose']],
    ['stores by the rule of Glance', ['stores', '--matching', 'glance', '-v']],
    ['a dry run', [...dry, '--verbose']],
    ['a dry run as JSON', [...dry, '-f', 'json', '--progress', 'none']],
    ['a dry run by the rule of Glance', [...dry, '-f', 'json', '--matching', 'glance']],
    [
      'a dry run with mappings',
      [...dry, '-f', 'json', '--map', 's3+https://s3.example.com/no-such-bucket=offsite'],
    ],
    [
      'a dry run of everything',
      [
        ...dry,
        '-f',
        'json',
        '--include',
        'contradicting',
        '--include',
        'pending-delete',
        '--only-missing',
      ],
    ],
    ['a run', ['backfill', ...files, '--verbose', '--batch-size', '100']],
    ['a second run', ['backfill', ...files, '-f', 'json']],
  ])('%s', async (_what, arguments_) => {
    const text = await emit([...arguments_, '--config-file', sampleConf]);
    expect(findSecrets(text)).toEqual([]);
    expect(text).toContain('://***@');
  });

  it.each([
    ['their key', 'with-key.conf', '***@s3.example.com/encrypted-bucket'],
    ['another key', 'other-key.conf', 'decrypt'],
    ['no key', sampleConf, 'metadata_encryption_key'],
  ])('encrypted rows read with %s', async (_which, conf, sign) => {
    const url = 's3+https://odd1a:odd1b/odd1c@s3.example.com/encrypted-bucket/object';
    addRows([encrypt(encryptionKey, url)]);
    const text = await emit([...dry, '-v', '--config-file', conf]);
    expect(findSecrets(text)).toEqual([]);
    expect(text).toContain(sign);
  });

  const secret = 'hunter2-of-the-operator';

  it.each([
    ['a line that is no option', `[offsite]\n${secret}\n`],
    ['a section that is not closed', `[offsite ${secret}\n`],
    ['an indented line before any option', `[offsite]\n  ${secret}\n`],
    [
      'an undefined name in a key',
      `[offsite]\ns3_store_secret_key = $${secret.replaceAll('-', '_')}\n`,
    ],
    ['a dollar sign within a key', `[objects]\nswift_store_key = ${secret}$no_such_name\n`],
    [
      'an undefined name in the password of a vCenter',
      `[vcenter]\nvmware_server_password = ${secret}$\{x.y}\n`,
    ],
    ['an encryption key of the wrong length', `[DEFAULT]\nmetadata_encryption_key = ${secret}\n`],
    ['a database URL without scheme', `[database]\nconnection = glance:${secret}@db/glance\n`],
    [
      'a database URL with a port that is none',
      `[database]\nconnection = mysql://glance:${secret}@db:port/glance\n`,
    ],
    [
      'a database URL of an unknown kind',
      `[database]\nconnection = oracle://glance:${secret}@db/glance\n`,
    ],
    [
      'a database URL with an unknown parameter',
      `[database]\nconnection = mysql://glance:${secret}@db/glance?frobnicate=${secret}\n`,
    ],
    [
      'a database URL with a wrong flag',
      `[database]\nconnection = mysql://glance:${secret}@db/glance?ssl_verify_cert=${secret}\n`,
    ],
    [
      'a database URL with several hosts',
      `[database]\nconnection = postgresql://glance:${secret}@/glance?host=a,b\n`,
    ],
    ['a database URL without a database', `[database]\nconnection = mysql://glance:${secret}@db\n`],
    [
      'a database URL whose password holds signs',
      `[database]\nconnection = mysql://glance:${secret}@/[:%zz@db:1/glance\n`,
    ],
    [
      'a database URL with an undefined name',
      `[database]\nconnection = mysql://glance:${secret}$x@db/glance\n`,
    ],
    [
      'a host that does not exist',
      `[database]\nconnection = mysql://glance:${secret}@db.invalid/glance\n`,
    ],
    [
      'a SQLite file that is missing',
      `[database]\nconnection = sqlite:///missing?password=${secret}\n`,
    ],
    [
      'connection parameters that are unknown',
      `[database]\nconnection_parameters = password=${secret}\n`,
    ],
  ])('the message about %s', async (_what, lines) => {
    cloud.write('broken.conf', lines);
    const arguments_ = [
      'backfill',
      '-v',
      '--config-file',
      sampleConf,
      '--config-file',
      'broken.conf',
    ];
    const { code, stderr, stdout } = await cloud.run(arguments_);
    expect([code, stdout]).toEqual([expect.toSatisfy((value) => value === 1 || value === 2), '']);
    expect(stderr.replace(/^configuration: .*\n/gm, '')).not.toBe('');
    expect(findSecrets(stderr, [secret, secret.replaceAll('-', '_')])).toEqual([]);
  });

  it.each([
    [
      'a mapping with credentials',
      ['--map', `s3+https://AK:${secret}@s3.example.com/b=offsite`],
      {},
    ],
    [
      'a mapping with credentials to an unknown store',
      ['--map', `s3+https://AK:${secret}@s3.example.com/b=no`],
      {},
    ],
    ['a mapping without its scheme', ['--map', `AK:${secret}@s3.example.com/b=offsite`], {}],
    ['a wrong value in the environment', [], { OS_OBJECTS__SWIFT_STORE_KEY: `${secret}$nothing` }],
    [
      'a wrong database URL in the environment',
      [],
      { OS_DATABASE__CONNECTION: `oracle://u:${secret}@h/d` },
    ],
  ])('the message about %s', async (_what, options, environment) => {
    const text = await emit(['backfill', '--config-file', sampleConf, ...options], environment);
    expect(text.trim()).not.toBe('');
    expect(findSecrets(text, [secret])).toEqual([]);
  });
});

describe.each(['mysql', 'postgresql'] as const)(
  'the password of %s does not come out',
  (dialect) => {
    let database: GlanceDatabase;
    beforeAll(async () => {
      database = await createGlanceDatabase(dialect);
    });
    afterAll(() => database.drop());

    it.each([
      ['of a run', (url: string) => url],
      ['of a refused login', (url: string) => url.replace('//glance:', '//nobody:')],
      ['of an unknown database', (url: string) => url.replace(/\w+$/, 'nowhere')],
      [
        'of a dead server',
        (url: string) => url.replace(`:${inject('servers')[dialect].port}`, ':1'),
      ],
      [
        'of a server that demands what is not there',
        (url: string) =>
          `${url}?${dialect === 'mysql' ? 'ssl_ca' : 'sslmode=verify-full&sslrootcert'}=/no/such/file`,
      ],
    ])('%s', async (_what, change) => {
      const text = await emit(['backfill', '-v', '--config-file', sampleConf], {
        OS_DATABASE__CONNECTION: change(database.url),
      });
      expect(text.trim()).not.toBe('');
      expect(findSecrets(text, [GLANCE_PASSWORD])).toEqual([]);
    });
  },
);

describe('--show-secrets', () => {
  it.each(['table', 'json'])('shows keys in the prefixes of stores -f %s', async (format) => {
    const options = ['stores', '-f', format, '--config-file', sampleConf];
    const shown = await cloud.run([...options, '--show-secrets']);
    expect(findSecrets(shown.stdout, secretsOfConf)).toEqual(
      secretsOfConf.filter((secret) => secret !== 'not-a-real-password'),
    );
    expect(shown.stderr).toBe('');
  });
});
