import { describe, expect, it } from 'vitest';
import { splitAtHost, stripAddress } from '../../../src/stores/credentials.ts';

describe('where credentials end', () => {
  it.each([
    ['k:s@h/b/1', 'k:s', 'b/1'],
    ['k:s/e+c=@h/b/1', 'k:s/e+c=', 'b/1'],
    ['k:s@x@h/b/1', 'k:s@x', 'b/1'],
    ['k:s@h/b@h/b/1', 'k:s@h/b', 'b/1'],
    ['k:s@h/b/1?x=a@z', 'k:s', 'b/1?x=a@z'],
    ['k@h/b/1', 'k', 'b/1'],
    ['h/b/1', undefined, 'b/1'],
    ['h/b/1#x@y', undefined, 'b/1#x@y'],
    ['h/', undefined, ''],
    ['k:s@other/b@h/b/1', 'k:s@other/b', 'b/1'],
    ['k:s@h/b@others/b/1', 'k:s', 'b@others/b/1'],
  ])('%s', (rest, credentials, path) => {
    expect(splitAtHost(rest, 'h', ['h', 'other'])).toEqual({ credentials, path });
  });

  it.each([
    'k:s@h2/b/1',
    'h2/b/1',
    'k:s@xh/b/1',
    'h',
    'k:s@h',
    'h:80/b/1',
    '@h/b/1',
    'k:s@h/b@other/b/1',
    'h/b@other/b/1',
  ])('%s is not on the host', (rest) => {
    expect(splitAtHost(rest, 'h', ['h', 'other'])).toBeUndefined();
  });
});

it.each([
  ['https://ks:5000/v3//', 'ks:5000/v3'],
  ['http://127.0.0.1:8080/auth/v1.0/', '127.0.0.1:8080/auth/v1.0'],
  ['ks/v3', 'ks/v3'],
  ['HTTP://ks', 'HTTP://ks'],
])('in URLs the address %s is %s', (address, expected) => {
  expect(stripAddress(address)).toBe(expected);
});
