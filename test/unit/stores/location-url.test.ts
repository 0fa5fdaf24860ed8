import { describe, expect, it } from 'vitest';
import { parseLocationUrl } from '../../../src/stores/location-url.ts';

describe('a location URL', () => {
  it.each([
    ['file:///srv/a/1', 'file', '/srv/a/1'],
    ['s3+https://k:s@h/b/1', 's3+https', 'k:s@h/b/1'],
    ['RBD://F/p/i/s', 'rbd', 'F/p/i/s'],
    ['http://[::1]/x', 'http', '[::1]/x'],
  ])('%s is split at its ://', (raw, scheme, rest) => {
    expect(parseLocationUrl(raw)).toEqual({ raw, scheme, rest });
  });

  it.each([
    [' file:///srv/a/1', 'file'],
    ['\u0000http://h/1', 'http'],
    ['h\ttt\np://h/1', 'http'],
    ['http:/h/1', 'http'],
    ['cinder:1d', 'cinder'],
  ])('%j has the scheme that Python finds, but no part that a driver could read', (raw, scheme) => {
    expect(parseLocationUrl(raw)).toEqual({ raw, scheme, rest: '' });
  });

  it.each([
    ['', 'it is empty'],
    ['/srv/a/1', 'it has no scheme'],
    ['http', 'it has no colon'],
    ['://h', 'its scheme is empty'],
    ['1http://h', 'a scheme begins with a letter'],
    ['a_b://h', 'a scheme has no underscore'],
    ['file%3A///srv/a', 'its colon is encoded'],
    ['http://[bad/1', 'a bracket is left open'],
    ['http://h]/1', 'a bracket is closed that was not open'],
    ['http://℀.example/1', 'Python takes the host for a trick'],
  ])('%j is none: %s', (raw) => {
    expect(parseLocationUrl(raw)).toBeUndefined();
  });

  it('may hold brackets and odd letters after the host', () => {
    expect(parseLocationUrl('http://h/[℀')?.scheme).toBe('http');
  });
});
