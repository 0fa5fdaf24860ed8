import { describe, expect, it } from 'vitest';
import { countShared, hasDotSegments, pathBelow, splitPath } from '../../../src/stores/path.ts';

describe('a path below a directory', () => {
  it.each([
    ['/srv/a', '/srv/a/1', ['1']],
    ['/srv/a/', '/srv//a///sub/1', ['sub', '1']],
    ['/', '/1', ['1']],
    ['images', 'images/1', ['1']],
    ['/srv/../a', '/srv/../a/1', ['1']],
  ])('%s holds %s', (directory, path, rest) => {
    expect(pathBelow(splitPath(directory), splitPath(path))).toEqual(rest);
  });

  it.each([
    ['/srv/a', '/srv/a2/1', 'a name goes on'],
    ['/srv/a', '/srv/a', 'it is the directory itself'],
    ['/srv/a', '/srv/a/', 'it is the directory with a slash'],
    ['/srv/a', 'srv/a/1', 'one is relative'],
    ['srv/a', '/srv/a/1', 'the other is relative'],
    ['/srv/a/b', '/srv/a/1', 'it lies above'],
  ])('%s does not hold %s: %s', (directory, path) => {
    expect(pathBelow(splitPath(directory), splitPath(path))).toBeUndefined();
  });
});

it.each([
  ['/a/../b', true],
  ['/a/./b', true],
  ['..', true],
  ['/a/..b/c..', false],
  ['/a/.../b', false],
])('%s may lead elsewhere: %s', (path, expected) => {
  expect(hasDotSegments(splitPath(path))).toBe(expected);
});

it('counts what two paths share from the left', () => {
  expect(countShared(['', 'srv', 'a'], ['', 'srv', 'b', 'a'])).toBe(2);
  expect(countShared([], ['x'])).toBe(0);
});
