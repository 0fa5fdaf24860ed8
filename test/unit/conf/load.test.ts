import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/conf/conf.ts';
import { loadConf } from '../../../src/conf/load.ts';
import { ConfError, renderMistake } from '../../../src/conf/mistake.ts';
import { multiStr, type Option } from '../../../src/conf/options.ts';
import type { GivenPath } from '../../../src/conf/search-paths.ts';

const mark: Option<readonly string[]> = { name: 'mark', type: multiStr };
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'glance-conf-'));
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), content);
  }
}

/** `f:name` is a --config-file below the home directory, `d:name` a --config-dir. */
function load(given: string, environment: Environment = {}) {
  return loadConf({
    given: given.split(' ').filter(Boolean).map(readGiven),
    environment,
    homeDirectory: home,
    workingDirectory: home,
  });
}

function readGiven(given: string): GivenPath {
  return { kind: given.startsWith('f:') ? 'file' : 'directory', path: given.slice(2) };
}

/** The mistakes of a configuration, as far as no value is read, with the home directory as `~`. */
function findMistakes(given: string, environment: Environment = {}): string[] {
  try {
    const { conf } = load(given, environment);
    return conf.mistakes.map(renderMistake).map((text) => text.replaceAll(home, '~'));
  } catch (error) {
    if (!(error instanceof ConfError)) throw error;
    return error.message.replaceAll(home, '~').split('\n');
  }
}

describe('the files that are read', () => {
  /** A file that leaves a mark when it is read. */
  const marked = (name: string) => `[DEFAULT]\nmark = ${name}\n`;

  beforeEach(() => {
    const defaults = {
      '.glance/glance.conf': marked('glance'),
      '.glance/glance-api.conf': marked('api'),
      'glance-api.conf': marked('api-of-a-later-place'),
      '.glance/glance.conf.d/a.conf': marked('glance.d'),
      'glance-api.conf.d/b.conf': marked('api.d-b'),
      'glance-api.conf.d/a.conf': marked('api.d-a'),
      'glance-api.conf.d/.hidden.conf': marked('hidden'),
      'glance-api.conf.d/c.txt': marked('text'),
    };
    const others = {
      'f.conf': 'f',
      'g.conf': 'g',
      'd/1.conf': 'd1',
      'd/2.conf': 'd2',
      'e/1.conf': 'e1',
    };
    write(defaults);
    for (const [name, text] of Object.entries(others)) write({ [`x/${name}`]: marked(text) });
  });

  // Each line is what oslo.config 9.0.0 and that of mid-2026 say to the same files.
  it.each([
    ['', 'glance api glance.d api.d-a api.d-b'],
    ['f:x/f.conf', 'glance.d api.d-a api.d-b f'],
    ['d:x/d', 'glance api d1 d2'],
    ['f:x/f.conf d:x/d', 'f d1 d2'],
    ['d:x/d f:x/f.conf', 'd1 d2 f'],
    ['f:x/f.conf f:x/g.conf d:x/d d:x/e', 'f g d1 d2 e1'],
    ['f:x/f.conf f:.glance/glance.conf', 'glance.d api.d-a api.d-b f glance'],
  ])('for the arguments "%s" are, in order: %s', (given, marks) => {
    expect(load(given).conf.get('DEFAULT', mark)?.join(' ')).toBe(marks);
  });

  it('are told by their full paths', () => {
    expect(load('f:x/f.conf d:~/x/d').configFiles).toEqual(
      ['x/f.conf', 'x/d/1.conf', 'x/d/2.conf'].map((name) => join(home, name)),
    );
  });

  it('come from one directory when the environment names that of a WSGI server', () => {
    write({ 'w/glance-api.conf': marked('wsgi') });
    const environment = { OS_GLANCE_CONFIG_DIR: join(home, 'w') };
    expect(load('d:x/e', environment).conf.get('DEFAULT', mark)).toEqual(['wsgi', 'e1']);
    write({ 'w/glance-image-import.conf': marked('import') });
    expect(load('d:x/e', environment).conf.get('DEFAULT', mark)).toEqual(['import', 'wsgi', 'e1']);
  });
});

describe('a value', () => {
  it('of the environment counts, and options of Glance may be referred to', () => {
    write({ 'a.conf': '[DEFAULT]\nworkers = 007\nmark = $workers\n' });
    const { conf } = load('f:a.conf', { OS_DEFAULT__WORKERS: '8' });
    expect(conf.get('DEFAULT', mark)).toEqual(['8']);
  });
});

describe('what cannot be loaded', () => {
  it('is told for all files at once', () => {
    write({
      'a.conf': '[DEFAULT]\noops\n',
      'b.conf': '\uFEFF[DEFAULT]\n',
      'c.conf': Buffer.from([0x5b, 0xff, 0x5d]),
      'd/x.conf/y': '',
      'd/y.conf': 'mark = 1\n',
    });
    expect(
      findMistakes('f:a.conf f:b.conf f:c.conf f:none.conf f:d d:d d:none.d d:a.conf'),
    ).toEqual([
      '~/a.conf:2: the line has neither "=" nor ":"; ' +
        'write "option = value", begin a comment with #, or indent a line that continues a value',
      '~/b.conf:1: the file begins with a byte order mark, which Glance takes for text; ' +
        'save it as UTF-8 without byte order mark',
      '~/d/y.conf:1: the option stands before the first section; ' +
        'write a section such as [DEFAULT] above it',
      '~/none.d: there is no such file or directory; name one that exists',
      '~/a.conf: it is not a directory; name a directory; --config-file takes a file',
      '~/c.conf: it is not UTF-8 text; save it as UTF-8',
      '~/none.conf: there is no such file or directory; name one that exists',
      '~/d: it is a directory; name a file; --config-dir takes a directory',
      '~/d/x.conf: it is a directory; name a file; --config-dir takes a directory',
    ]);
  });

  it('may be a line alone: the others are read, so that their mistakes are told as well', () => {
    write({ 'a.conf': '[DEFAULT]\noops\nmark = $nothing\n' });
    const { conf } = load('f:a.conf');
    conf.get('DEFAULT', mark);
    expect(conf.isWhole).toBe(false);
    expect(conf.mistakes.map(({ origin }) => origin)).toEqual(
      [2, 3].map((line) => ({ kind: 'file', file: join(home, 'a.conf'), line })),
    );
    expect(findMistakes('f:a.conf')).toHaveLength(1);
  });

  it('may lie in further sources, which are told together with lines that are not understood', () => {
    write({ 'a.conf': '[DEFAULT]\nconfig_source = remote\noops\n' });
    expect(findMistakes('f:a.conf').map((text) => text.split(': ')[0])).toEqual([
      '~/a.conf:2',
      '~/a.conf:3',
    ]);
  });

  it('is told with the places searched when there is no file at all', () => {
    expect(findMistakes('', { SNAP: '/snap/glance', SNAP_COMMON: '/var/snap/glance' })).toEqual([
      'there is no glance-api.conf in ~/.glance, ~, /etc/glance, /etc, ' +
        '/var/snap/glance/etc/glance, /snap/glance/etc/glance; ' +
        'name it with --config-file, or run this as a user who may read it, such as glance',
    ]);
  });

  it('may be the file that a WSGI server needs', () => {
    expect(findMistakes('', { OS_GLANCE_CONFIG_DIR: ` ${home}/w ` })).toEqual([
      '~/w/glance-api.conf: there is no such file or directory; name one that exists',
    ]);
  });

  it('may lie in further sources, of which this program knows nothing', () => {
    write({ 'a.conf': '[DEFAULT]\nconfig_source = remote\n' });
    expect(findMistakes('f:a.conf')).toEqual([
      '~/a.conf:2: [DEFAULT] config_source: names further sources of options, which this program does not read; ' +
        'write their options into a file and give that with --config-file instead',
    ]);
  });
});

describe('the file of a Swift store', () => {
  beforeEach(() => {
    write({
      'x/f.conf': '',
      'y/g.conf': '',
      'x/d/h.conf': '',
      'x/swift.ini': 'beside f',
      'y/both.ini': 'beside g',
      'x/both.ini': 'beside f',
      'x/d/all.ini': 'in d',
      'x/all.ini': 'beside f',
      '.glance/home.ini': 'at home',
      '.glance/swift.ini': 'at home',
    });
  });

  it.each([
    ['f:x/f.conf', 'swift.ini', 'beside f'],
    ['f:x/f.conf f:y/g.conf', 'both.ini', 'beside g'],
    ['f:x/f.conf d:x/d', 'all.ini', 'in d'],
    ['f:x/f.conf', 'home.ini', 'at home'],
    ['d:x/d', 'swift.ini', 'at home'],
  ])('with the arguments "%s" is found by the name %s %s', (given, name, text) => {
    expect(load(given).namedFiles.swiftConf(name)).toMatchObject({ kind: 'text', text });
  });

  it('is found by its full path', () => {
    const path = join(home, 'y', 'both.ini');
    const found = load('f:x/f.conf').namedFiles.swiftConf(path);
    expect(found).toEqual({ kind: 'text', path, text: 'beside g' });
  });

  it('is missing when it is nowhere, no file or no text', () => {
    write({ 'x/latin.ini': Buffer.from([0xe9]) });
    const { namedFiles } = load('f:x/f.conf');
    expect(namedFiles.swiftConf('none.ini')).toMatchObject({
      kind: 'missing',
      path: join(home, 'x/none.ini'),
      why: `there is no such file, nor ${home}/.glance/none.ini, nor ${home}/none.ini, nor /etc/glance/none.ini, nor /etc/none.ini`,
    });
    expect(namedFiles.swiftConf('/none.ini')).toEqual({
      kind: 'missing',
      path: '/none.ini',
      why: 'there is no such file',
    });
    expect(namedFiles.swiftConf('')).toMatchObject({ kind: 'missing', why: 'it is a directory' });
    expect(namedFiles.swiftConf('latin.ini')).toMatchObject({ why: 'it is not UTF-8 text' });
  });
});

describe('the ceph.conf of an rbd store', () => {
  const ceph = (value: string, environment: Environment = {}) =>
    load('f:a.conf', environment).namedFiles.cephConf(value);

  beforeEach(() => {
    write({ 'a.conf': '', 'ceph.conf': 'here', 'one.conf': 'one', 'two.conf': 'two' });
  });

  it('is found from the working directory', () => {
    expect(ceph('one.conf')).toEqual({ kind: 'text', path: join(home, 'one.conf'), text: 'one' });
  });

  it('is the first that is there of several', () => {
    expect(ceph('none.conf,two.conf;one.conf')).toMatchObject({ text: 'two' });
  });

  it('without a name is the one librados looks for', () => {
    expect(ceph('')).toMatchObject({ text: 'here' });
    write({ '.ceph/ceph.conf': 'home' });
    expect(ceph('')).toMatchObject({ text: 'home' });
    expect(ceph('', { CEPH_CONF: 'one.conf' })).toMatchObject({ text: 'one' });
    expect(ceph('two.conf', { CEPH_CONF: 'one.conf' })).toMatchObject({ text: 'two' });
  });

  it('may hold bytes that are no UTF-8, as in old comments', () => {
    write({ 'one.conf': Buffer.from([0x23, 0xe9, 0x0a, 0x61]) });
    expect(ceph('one.conf')).toMatchObject({ kind: 'text', text: '#\uFFFD\na' });
  });

  it('is missing when there is none', () => {
    rmSync(join(home, 'ceph.conf'));
    expect(ceph('')).toEqual({
      kind: 'missing',
      path: '/etc/ceph/ceph.conf',
      why: `there is no such file, nor ${home}/.ceph/ceph.conf, nor ${home}/ceph.conf`,
    });
    write({ 'x/y': '' });
    expect(ceph('x,one.conf')).toEqual({
      kind: 'missing',
      path: join(home, 'x'),
      why: 'it is a directory',
    });
  });
});
