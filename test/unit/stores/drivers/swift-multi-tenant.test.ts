import { expect, it } from 'vitest';
import { configure, imageId, inWords, matcherOf } from '../../../support/conf-stores.ts';

const multiTenant = 'swift_store_multi_tenant = true\n';
const endpoint = 'swift_store_endpoint = https://swift.example.com/v1/AUTH_x/\n';
const matcher = matcherOf(`[DEFAULT]\nenabled_backends = mt:swift\n[mt]\n${multiTenant}`);
const fixed = matcherOf(`[DEFAULT]\nenabled_backends = mt:swift\n[mt]\n${multiTenant}${endpoint}`);

it('has no prefix, as in Glance', () => {
  const { stores } = configure(`[DEFAULT]\nenabled_backends = mt:swift\n[mt]\n${multiTenant}`);
  expect(stores[0]?.urlPrefix.kind).toBe('none');
});

it.each([
  ['swift+https://swift.example.com/v1/AUTH_x/glance_ID/ID', 'mt'],
  ['swift+http://other.example.com/glance_ID/ID', 'mt'],
  ['swift://swift.example.com/v1/AUTH_y/glance_ID/ID', 'mt'],
  [
    'swift+https://swift.example.com/v1/AUTH_x/glance_/ID',
    'none: container "glance_" is not "glance_<id>"',
  ],
  [
    'swift+https://swift.example.com/v1/AUTH_x/glance/ID',
    'none: container "glance" is not "glance_<id>"',
  ],
  [
    'swift+https://swift.example.com/v1/AUTH_x/glance_ID',
    'none: container "AUTH_x" is not "glance_<id>"',
  ],
  [
    'swift+https://u:k@swift.example.com/v1/glance_ID/ID',
    'none: the URL has credentials of a single account',
  ],
  ['swift+config://ref1/glance_ID/ID', 'none: the URL names a reference'],
])('without an endpoint %s lies in %s', (url, expected) => {
  expect(inWords(matcher(url.replaceAll('ID', imageId), imageId))).toBe(expected);
});

it('does not take the container of another image', () => {
  const other = imageId.replace('1', '2');
  const url = `swift+https://swift.example.com/v1/AUTH_x/glance_${other}/${other}`;
  expect(inWords(matcher(url, imageId))).toMatch(/^none: container/);
  expect(inWords(matcher(url, other))).toBe('mt');
});

it.each([
  ['swift+https://swift.example.com/v1/AUTH_x/glance_ID/ID', 'mt'],
  [
    'swift+https://swift.example.com/v1/AUTH_y/glance_ID/ID',
    'none: the endpoint is not "swift.example.com/v1/AUTH_x"',
  ],
  [
    'swift+http://swift.example.com/v1/AUTH_x/glance_ID/ID',
    'none: the endpoint is not "swift.example.com/v1/AUTH_x"',
  ],
])('with an endpoint %s lies in %s', (url, expected) => {
  expect(inWords(fixed(url.replaceAll('ID', imageId), imageId))).toBe(expected);
});

it('prefers the store whose endpoint is known to agree', () => {
  const both = matcherOf(
    `[DEFAULT]\nenabled_backends = any:swift, fixed:swift\n[any]\n${multiTenant}[fixed]\n${multiTenant}${endpoint}`,
  );
  const url = `swift+https://swift.example.com/v1/AUTH_x/glance_${imageId}/${imageId}`;
  expect(inWords(both(url, imageId))).toBe('fixed');
});
