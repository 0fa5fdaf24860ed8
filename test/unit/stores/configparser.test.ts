import { describe, expect, it } from 'vitest';
import { interpolate, parseConfigSections } from '../../../src/stores/configparser.ts';

function read(text: string): unknown {
  const parse = parseConfigSections(text);
  if (parse.kind === 'wrong') return `${parse.line}: ${parse.problem}`;
  return Object.fromEntries(
    [...parse.sections].map(([name, options]) => [
      name,
      Object.fromEntries([...options].map(([key, value]) => [key, value.text])),
    ]),
  );
}

describe('a file as Python’s configparser takes it', () => {
  it.each([
    ['= and : both end a name', '[a]\nx = 1\ny: 2\n', { a: { x: '1', y: '2' } }],
    ['names are in lower case, sections are not', '[A]\nUser = U\n', { A: { user: 'U' } }],
    ['an inline # is part of the value', '[a]\nx = 1 # 2\n', { a: { x: '1 # 2' } }],
    ['comments may be indented', '[a]\n  # no\n\t; no\nx=1\n', { a: { x: '1' } }],
    [
      'indented lines continue',
      '[a]\nx = 1\n  2\n\n  3 = 4\ny = 5\n',
      { a: { x: '1\n2\n\n3 = 4', y: '5' } },
    ],
    ['nothing continues a section', '[a]\n  x = 1\n', { a: { x: '1' } }],
    [
      'lines as deep as the option begin another',
      '[a]\n  x = 1\n  y = 2\n',
      { a: { x: '1', y: '2' } },
    ],
    ['a value may be empty', '[a]\nx =\ny=\n', { a: { x: '', y: '' } }],
    [
      '[DEFAULT] may stand twice',
      '[DEFAULT]\nx=1\n[DEFAULT]\ny=2\n',
      { DEFAULT: { x: '1', y: '2' } },
    ],
    ['what follows a section counts for nothing', '[a] tail\nx=1\n', { a: { x: '1' } }],
  ])('%s', (_rule, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['a section twice', '[a]\nx=1\n[a]\n', '3: section [a] stands twice'],
    [
      'an option twice, in whatever case',
      '[a]\nx=1\nX=2\n',
      '3: option x stands twice in its section',
    ],
    ['an option before any section', '\nx=1\n', '2: a line stands before any [section]'],
    ['a line without = or :', '[a]\nsecret\n', '2: a line is not of the form "name = value"'],
    ['a value without name', '[a]\n= secret\n', '2: a line is not of the form "name = value"'],
  ])('refuses %s', (_what, text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('percent signs in values', () => {
  const section = new Map(
    Object.entries({
      user: 'svc',
      half: '50%%',
      full: '%(user)s:%(HALF)s',
      bare: '50%',
      unknown: '%(nobody)s',
      circle: '%(circle)s',
      cut: '%(user)',
    }).map(([key, text]) => [key, { text, line: 1 }]),
  );

  it.each([
    ['user', 'svc'],
    ['half', '50%'],
    ['full', 'svc:50%'],
  ])('%s is %s', (key, expected) => {
    expect(interpolate(section, key)).toBe(expected);
  });

  it.each(['bare', 'unknown', 'circle', 'cut', 'missing'])('Python refuses %s', (key) => {
    expect(interpolate(section, key)).toBeUndefined();
  });
});
