import { describe, expect, it } from 'vitest';
import {
  connection,
  connectionParameters,
  defaultBackend,
  enabledBackends,
  metadataEncryptionKey,
  mysqlWsrepSyncWait,
} from '../../../src/conf/glance-options.ts';
import { knownOptions } from '../../../src/conf/known-options.ts';
import { str, type Option } from '../../../src/conf/options.ts';
import { confOf } from '../../support/conf.ts';

describe('the options this program reads', () => {
  it('are found where Glance has them', () => {
    const conf = confOf(
      '[DEFAULT]\nenabled_backends = b:rbd, a:file\nmetadata_encryption_key = 0123456789abcdef\n' +
        '[glance_store]\ndefault_backend = a\n' +
        '[database]\nconnection = sqlite:///x\nconnection_parameters = charset=utf8\nmysql_wsrep_sync_wait = 1\n',
    );
    expect([...(conf.get('DEFAULT', enabledBackends) ?? [])]).toEqual([
      ['b', 'rbd'],
      ['a', 'file'],
    ]);
    expect(conf.get('DEFAULT', metadataEncryptionKey)).toBe('0123456789abcdef');
    expect(conf.get('glance_store', defaultBackend)).toBe('a');
    expect(conf.get('database', connection)).toBe('sqlite:///x');
    expect(conf.get('database', connectionParameters)).toBe('charset=utf8');
    expect(conf.get('database', mysqlWsrepSyncWait)).toBe(1);
  });

  it.each(['[DEFAULT]\nsql_connection', '[DATABASE]\nsql_connection', '[sql]\nconnection'])(
    'find the database under its older name %j',
    (name) => {
      expect(confOf(`${name} = sqlite:///x\n`).get('database', connection)).toBe('sqlite:///x');
    },
  );

  it.each([connection, connectionParameters, metadataEncryptionKey])(
    'keep $name secret',
    (option) => {
      expect(option.secret).toBe(true);
    },
  );
});

describe('the options that values may refer to', () => {
  it.each([
    ['$bind_host', '0.0.0.0'],
    ['$node_staging_uri', 'file:///tmp/staging/'],
    ['$debug', 'False'],
    ['${glance_store.default_backend}', ''],
    ['${database.max_retries}', '10'],
    ['${import_filtering_opts.allowed_schemes}', `['http', 'https']`],
  ])('include %s', (reference, text) => {
    const conf = confOf(`[x]\na = ${reference}\n`);
    const option: Option<string> = { name: 'a', type: str };
    expect(conf.get('x', option)).toBe(text);
  });

  it.each(Object.entries(knownOptions))(
    'all have a default that can be read in [%s]',
    (group, options) => {
      const conf = confOf('');
      for (const option of options) conf.get(group, option);
      expect(conf.mistakes).toEqual([]);
      expect(new Set(options.map(({ name }) => name)).size).toBe(options.length);
    },
  );
});
