import { describe, expect, it } from 'vitest';
import { renderMistake } from '../../../src/conf/mistake.ts';
import { parseMappings, readMapFile, readMapOption } from '../../../src/locations/mappings.ts';

const schemes = ['file', 'filesystem', 's3', 's3+http', 'http', 'rbd', 'cinder'];
const stores = [
  { id: 'a', schemes },
  { id: 'b', schemes },
  { id: 'pool', schemes: ['rbd'] },
  { id: 'broken', schemes: [] },
];

function mistakesOf(...options: string[]): readonly string[] {
  return parseMappings(options.map(readMapOption), stores).mistakes.map(renderMistake);
}

describe('--map', () => {
  it.each([
    ['file:///srv/old/=a', { scheme: 'file', prefix: '/srv/old', store: 'a' }],
    ['filesystem:///srv/old=a', { scheme: 'file', prefix: '/srv/old', store: 'a' }],
    ['S3+http://h/b=b', { scheme: 's3', prefix: 'h/b', store: 'b' }],
    ['http://h/x?a=b=a', { scheme: 'http', prefix: 'h/x?a=b', store: 'a' }],
    ['rbd://=b', { scheme: 'rbd', prefix: '', store: 'b' }],
    ['file:///srv/a@b=a', { scheme: 'file', prefix: '/srv/a@b', store: 'a' }],
  ])('%s is taken apart', (option, mapping) => {
    expect(parseMappings([readMapOption(option)], stores)).toEqual({
      mappings: [mapping],
      mistakes: [],
    });
  });

  it.each([
    [
      'cinder://x=gone',
      '--map: "gone" is not the id of an enabled store; name one of a, b, pool, broken',
    ],
    [
      's3://AK:sec=ret@h/b',
      '--map: what follows the last "=" is not the id of an enabled store; name one of a, b, pool, broken',
    ],
    [
      'cinder://x',
      '--map: an entry is not a URL prefix and a store; write <URL prefix>=<store id>, ',
    ],
    [
      '/srv/old=a',
      '--map: an entry is not a URL prefix and a store; write <URL prefix>=<store id>, ',
    ],
    [
      'cinder://x=pool',
      '--map: store pool takes rbd URLs, not cinder ones; name a store that takes',
    ],
    ['rbd://x=broken', '--map: store broken takes no URLs at all, not rbd ones; name a store that'],
    ['=a', '--map: an entry is not a URL prefix and a store; write <URL prefix>=<store id>, '],
  ])('%s is refused: %s', (option, message) => {
    expect(mistakesOf(option)).toEqual([expect.stringContaining(message)]);
  });

  it('is refused with credentials in it, which are not quoted', () => {
    const [message, ...others] = mistakesOf('s3://AK:secret@h/b=a');
    expect(others).toEqual([]);
    expect(message).toMatch(/a prefix has credentials in it; leave them out/);
    expect(message).not.toContain('secret');
  });

  it('is refused when it gives one prefix to two stores', () => {
    expect(mistakesOf('file:///x=a', 'file:///x/=b', 'file:///y=b')).toEqual([
      '--map: one prefix is given to several stores, a and b; leave one entry',
      '--map: one prefix is given to several stores, a and b; leave one entry',
    ]);
    expect(mistakesOf('file:///x=a', 'file:///x=a')).toEqual([]);
    expect(mistakesOf('file:///x=a', 'file:///x=p/ssword')).toEqual([
      expect.stringContaining('what follows the last "=" is not the id of an enabled store'),
    ]);
  });
});

describe('while the stores are not known', () => {
  it.each([
    ['file:///x=a', []],
    ['x=a', [expect.stringContaining('is not a URL prefix')]],
  ])('%s is checked as far as it can be', (option, messages) => {
    const { mistakes } = parseMappings([readMapOption(option)], []);
    expect(mistakes.map(renderMistake)).toEqual(messages);
  });
});

describe('a map file', () => {
  it('is a JSON object of prefixes and stores', () => {
    expect(readMapFile('{"cinder://v=1": "a", "file:///x": "b"}', 'map.json')).toEqual([
      { from: 'map.json, entry 1', prefix: 'cinder://v=1', store: 'a' },
      { from: 'map.json, entry 2', prefix: 'file:///x', store: 'b' },
    ]);
    expect(readMapFile('{}', 'map.json')).toEqual([]);
  });

  it.each(['', '[]', 'null', '"x"', '{"file:///x": 1}', '{"file:///x": null}', '{'])(
    '%j is refused',
    (text) => {
      expect(readMapFile(text, 'map.json')).toEqual({
        origin: undefined,
        option: 'map.json',
        problem: 'the file is not a JSON object of texts',
        remedy: 'write {"<URL prefix>": "<store id>", …}',
      });
    },
  );
});
