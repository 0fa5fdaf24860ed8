import { describe, expect, it } from 'vitest';
import { repr, strip, stripEnd, stripStart } from '../../../src/conf/python-text.ts';

describe('strip', () => {
  it.each([' \t\r\n\f\v', '\x1c\x1d\x1e\x1f', '\x85\xa0', '\u2028\u2029\u3000'])(
    'removes %j, as Python does',
    (space) => {
      expect(strip(`${space}a b${space}`)).toBe('a b');
      expect(stripStart(`${space}a${space}`)).toBe(`a${space}`);
      expect(stripEnd(`${space}a${space}`)).toBe(`${space}a`);
    },
  );

  it('keeps a byte order mark, which Python does not call white space', () => {
    expect(strip('\uFEFFa')).toBe('\uFEFFa');
  });
});

describe('repr', () => {
  it.each([
    ['x', `'x'`],
    [`it's`, `"it's"`],
    [`"it's"`, `'"it\\'s"'`],
    ['a\\b\n\t\r', `'a\\\\b\\n\\t\\r'`],
  ])('writes %j as %s', (text, python) => {
    expect(repr(text)).toBe(python);
  });
});
