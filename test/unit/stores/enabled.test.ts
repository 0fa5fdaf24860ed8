import { describe, expect, it } from 'vitest';
import { ConfError } from '../../../src/conf/mistake.ts';
import { cephConf, configure, fsid, type Surroundings } from '../../support/conf-stores.ts';

const other = '99999999-2222-3333-4444-555555555555';

function refusalOf(text: string, surroundings?: Surroundings): readonly string[] {
  try {
    configure(text, surroundings);
  } catch (error) {
    if (error instanceof ConfError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the stores of a cloud', () => {
  it('stand in the order of enabled_backends, then come the reserved ones', () => {
    const { stores } = configure('[DEFAULT]\nenabled_backends = b:file, a:http\n');
    expect(stores.map(({ id, reserved }) => [id, reserved])).toEqual([
      ['b', false],
      ['a', false],
      ['os_glance_staging_store', true],
      ['os_glance_tasks_store', true],
    ]);
  });

  it.each([
    ['file', ['file', 'filesystem']],
    ['glance.store.filesystem.Store', ['file', 'filesystem']],
    ['glance.store.vmware_datastore.Store', ['vsphere']],
    ['glance.store.rbd.Store', ['rbd']],
    ['cinder', ['cinder']],
    ['swift', ['swift+https', 'swift', 'swift+http', 'swift+config']],
    ['s3', ['s3', 's3+http', 's3+https']],
    ['http', ['http', 'https']],
  ])('of type %s register %j', (type, schemes) => {
    const login = 'vmware_server_host=h\nvmware_server_username=u\nvmware_server_password=p\n';
    const text = `[DEFAULT]\nenabled_backends = x:${type}\n[x]\n${login}`;
    expect(configure(text).stores[0]).toMatchObject({ id: 'x', type, schemes });
  });

  it('of a type that no driver has are told, and the others work', () => {
    const { stores } = configure('[DEFAULT]\nenabled_backends = x:sheepdog, y:FILE, a:file\n');
    expect(stores.slice(0, 3).map(({ urlPrefix, schemes }) => [urlPrefix.kind, schemes])).toEqual([
      ['none', []],
      ['none', []],
      ['known', ['file', 'filesystem']],
    ]);
    expect(stores[0]?.urlPrefix).toEqual({
      kind: 'none',
      why:
        'there is no driver "sheepdog"; write one of file, http, swift, rbd, cinder, vmware, s3 in ' +
        'enabled_backends',
    });
  });

  it('take from [backend_defaults] what their own group does not set', () => {
    const { stores } = configure(`[DEFAULT]\nenabled_backends = a:file, b:file
[backend_defaults]\nfilesystem_store_datadir = /shared
[b]\nfilesystem_store_datadir = /own\n`);
    expect(stores.map(({ urlPrefix }) => urlPrefix)).toEqual([
      { kind: 'known', value: 'file:///shared' },
      { kind: 'known', value: 'file:///own' },
      { kind: 'known', value: 'file:///shared' },
      { kind: 'known', value: 'file:///shared' },
    ]);
  });

  it('may refer to options of one another, whatever their order', () => {
    const { stores } = configure(`[DEFAULT]\nenabled_backends = a:file, b:rbd
[a]\nfilesystem_store_datadir = /srv/\${b.rbd_store_user}/\${os_glance_tasks_store.weight}
[b]\nrbd_store_user = glance\n`);
    expect(stores[0]?.urlPrefix).toEqual({ kind: 'known', value: 'file:///srv/glance/0' });
  });
});

describe('a reserved store', () => {
  it.each([
    ['', 'file:///var/lib/glance/images'],
    ['[os_glance_staging_store]\nfilesystem_store_datadir = /srv/staging\n', 'file:///srv/staging'],
  ])('with %j has the prefix %s', (group, value) => {
    const { stores } = configure(`[DEFAULT]\nenabled_backends = a:http\n${group}`);
    expect(stores[1]?.urlPrefix).toEqual({ kind: 'known', value });
  });
});

describe('what keeps Glance from starting', () => {
  it('is told all at once, with its place and a remedy', () => {
    const text = `[DEFAULT]
enabled_backends = os_glance_x:file, a:file, sw:swift
[a]
filesystem_store_datadir = $nowhere
[sw]
swift_store_multi_tenant = perhaps
`;
    expect(refusalOf(text, { rbdFsids: ['a=1'] })).toEqual([
      'glance-api.conf:2: [DEFAULT] enabled_backends: store id "os_glance_x" begins with "os_glance_", ' +
        'which Glance keeps for itself; give the store another id',
      expect.stringMatching(/^glance-api\.conf:4: \[a\] filesystem_store_datadir: .*nowhere/),
      expect.stringMatching(/^glance-api\.conf:6: \[sw\] swift_store_multi_tenant: "perhaps" /),
      '--rbd-fsid: "a" is not the id of an enabled rbd store; write <store id>=<fsid>',
    ]);
  });

  it('is told with the lines that are not understood, but not what may stand in these', () => {
    const text = `[DEFAULT]
enabled_backends = vm:vmware, a:file
[a]
filesystem_store_datadir = $nowhere
[vm
vmware_server_host = h
`;
    expect(refusalOf(text, { rbdFsids: ['a=1'] }).map((line) => line.split(': ')[0])).toEqual([
      'glance-api.conf:4',
      'glance-api.conf:5',
    ]);
    const [first, ...others] = refusalOf('[DEFAULT\nenabled_backends = a:file\n');
    expect(first).toMatch(/^glance-api\.conf:1: /);
    expect(others).toEqual([]);
  });

  it.each(['[DEFAULT]\n', '[DEFAULT]\nenabled_backends =\n'])(
    'is %j, though not Glance: a cloud of one store has nothing to fill in',
    (text) => {
      expect(refusalOf(text).join()).toMatch(
        /\[DEFAULT\] enabled_backends: no stores are enabled: .*; run this once enabled_backends is set/,
      );
    },
  );

  it.each(['a:file,', 'a', 'a:file, a:http'])('is an enabled_backends of %j', (value) => {
    const text = `[DEFAULT]\nenabled_backends = ${value}\n`;
    const [first, ...others] = refusalOf(text, { rbdFsids: [`a=${other}`] });
    expect(first).toMatch(/^glance-api\.conf:2: \[DEFAULT\] enabled_backends: /);
    expect(others).toEqual([]);
  });

  it.each([
    ['ceph', '--rbd-fsid: "" is not the id of an enabled rbd store; write <store id>=<fsid>'],
    [
      `x=${other}`,
      '--rbd-fsid: "x" is not the id of an enabled rbd store; write <store id>=<fsid>',
    ],
    [
      `a=${other}`,
      '--rbd-fsid: "a" is not the id of an enabled rbd store; write <store id>=<fsid>',
    ],
    [
      'ceph=mine',
      '--rbd-fsid: "mine" is not the fsid of a cluster; write the UUID that "ceph fsid" prints',
    ],
  ])('is not --rbd-fsid %s, but it is refused as well', (text, message) => {
    const conf = '[DEFAULT]\nenabled_backends = ceph:rbd, a:file\n';
    expect(refusalOf(conf, { files: { '': cephConf }, rbdFsids: [text] })).toEqual([message]);
  });

  it.each([
    [[`ceph=${other}`, `ceph=${fsid}`], `${other} and ${fsid}`],
    [[`ceph=${other}`, 'ceph=unreachable'], `${other} and unreachable`],
  ])('is not --rbd-fsid with %j, but that is refused as well', (rbdFsids, both) => {
    const conf = '[DEFAULT]\nenabled_backends = ceph:rbd\n';
    expect(refusalOf(conf, { rbdFsids })).toEqual([
      `--rbd-fsid: store ceph is given ${both}; leave one`,
    ]);
  });

  it('is not the same --rbd-fsid twice, in whatever case', () => {
    const rbdFsids = [`ceph=${other}`, 'ceph2=AAAAAAAA-0000-4000-8000-000000000000'];
    const twice = [...rbdFsids, ...rbdFsids.map((text) => text.toLowerCase())];
    const conf = '[DEFAULT]\nenabled_backends = ceph:rbd, ceph2:rbd\n';
    expect(refusalOf(conf, { rbdFsids: twice })).toEqual([]);
  });

  it('never quotes a secret', () => {
    const text = `[DEFAULT]\nenabled_backends = s:s3\n[s]\ns3_store_secret_key = pa$word\n`;
    expect(refusalOf(text).join()).not.toContain('word;');
    expect(refusalOf(text).join()).not.toContain('pa$');
  });
});

describe('a default_backend', () => {
  it.each([
    ['', 'no default store is named'],
    ['[glance_store]\ndefault_backend = gone\n', '"gone" is not in enabled_backends'],
    ['[glance_store]\ndefault_backend = x\n', '"x" cannot be the default store'],
    [
      '[glance_store]\ndefault_backend = os_glance_tasks_store\n',
      '"os_glance_tasks_store" is not in enabled_backends',
    ],
  ])('as in %j is a warning, for it does not matter here', (group, problem) => {
    const { warnings } = configure(`[DEFAULT]\nenabled_backends = a:http, x:sheepdog\n${group}`);
    expect(warnings).toEqual([expect.stringContaining(problem)]);
  });

  it('in order is no warning', () => {
    const text = '[DEFAULT]\nenabled_backends = a:http\n[glance_store]\ndefault_backend = a\n';
    expect(configure(text).warnings).toEqual([]);
  });
});

describe('a name in the section of a store', () => {
  const warn = (lines: string) =>
    configure(
      `[DEFAULT]\nenabled_backends = Disk:file\n[glance_store]\ndefault_backend = Disk\n[disk]\nfilesystem_store_datadir = /d\n${lines}`,
    ).warnings;

  it.each(['filesystem_store_datadri', 'Filesystem-Store-Datadir'])(
    'that nearly is an option is a warning (%s)',
    (name) => {
      expect(warn(`${name} = /e\n`)).toEqual([
        `glance-api.conf:7: [disk] ${name}: Glance passes over it, as driver file has no such option; ` +
          'if filesystem_store_datadir is meant, write that',
      ]);
    },
  );

  it('is none where it is an option, another store, or nothing like one', () => {
    const others = '[other]\nfilesystem_store_datadri = /e\n';
    expect(warn(`filesystem_store_datadirs = /e:1\nfilesystem_store_dir = /e\n${others}`)).toEqual(
      [],
    );
  });
});

describe('a store of which nothing is set', () => {
  const warn = (backends: string, groups = '') =>
    configure(
      `[DEFAULT]\nenabled_backends = ${backends}, w:http\n[glance_store]\ndefault_backend = w\n${groups}`,
    ).warnings;

  it.each(['dsik:file', 'dsik:rbd'])(
    'is a warning where defaults make a prefix (%s)',
    (backend) => {
      expect(warn(backend, '[disk]\nfilesystem_store_datadir = /d\nrbd_store_pool = p\n')).toEqual([
        expect.stringContaining('store dsik: none of its options is set'),
      ]);
    },
  );

  it('is none where the defaults of all stores are set, or the store’s own', () => {
    const datadir = 'filesystem_store_datadir = /d\n';
    expect(warn('disk:file', `[backend_defaults]\n${datadir}`)).toEqual([]);
    expect(warn('disk:file', `[disk]\n${datadir}`)).toEqual([]);
  });

  it('is none where there is nothing to set', () => {
    expect(warn('c:cinder')).toEqual([]);
  });
});
