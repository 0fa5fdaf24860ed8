import { describe, expect, it } from 'vitest';
import { indexMappings } from '../../../src/locations/mapping-index.ts';
import { parseLocationUrl } from '../../../src/stores/location-url.ts';

function storeOf(url: string, prefixes: Readonly<Record<string, string>>): string | undefined {
  const mappings = Object.entries(prefixes).map(([text, store]) => {
    const [scheme = '', prefix = ''] = text.split('://');
    return { scheme, prefix, store };
  });
  const parsed = parseLocationUrl(url);
  return parsed === undefined ? undefined : indexMappings(mappings)(parsed)?.store;
}

describe('the mapping of a URL', () => {
  it.each([
    ['file:///srv/old/1', { 'file:///srv/old': 'a' }, 'a'],
    ['filesystem:///srv/old/1', { 'file:///srv/old': 'a' }, 'a'],
    ['file:///srv/older/1', { 'file:///srv/old': 'a' }, undefined],
    ['file:///srv/old', { 'file:///srv/old': 'a' }, 'a'],
    ['http://h/x?y=1', { 'http://h/x': 'a' }, 'a'],
    ['http://h/x#y', { 'http://h/x': 'a' }, 'a'],
    ['file:///srv/old/../1', { 'file:///srv/old': 'a' }, undefined],
    ['file:///srv/old/1', { 'file:///srv': 'a', 'file:///srv/old': 'b', 'file://': 'c' }, 'b'],
    ['file:///srv/new/1', { 'file:///srv': 'a', 'file:///srv/old': 'b', 'file://': 'c' }, 'a'],
    ['file:///x', { 'file:///srv': 'a', 'file:///srv/old': 'b', 'file://': 'c' }, 'c'],
    ['s3+https://k:s/e@c@h/b/1', { 's3+https://h/b': 'a' }, 'a'],
    ['s3+https://h/b/1', { 's3+https://h/b': 'a' }, 'a'],
    ['s3://h/b/1', { 's3+https://h/b': 'a' }, undefined],
    ['file:///x:y@/srv/old/1', { 'file:///srv/old': 'a' }, undefined],
    ['file:/srv/old/1', { 'file://': 'a' }, undefined],
  ])('%s with %j is %s', (url, prefixes, store) => {
    expect(storeOf(url, prefixes)).toBe(store);
  });
});
