import { expect, it } from 'vitest';
import { configure, imageId, inWords, matcherOf } from '../../../support/conf-stores.ts';

it.each([
  ['http://mirror.example.org/os.qcow2', 'web'],
  ['https://u:p@mirror.example.org:8443/os.qcow2?download=1', 'web'],
  ['HTTPS://mirror.example.org/os.qcow2', 'web'],
  ['httpx://mirror.example.org/os.qcow2', 'none: no enabled store takes httpx URLs'],
  ['http:/mirror.example.org/os.qcow2', 'none: the URL does not begin with http://'],
])('%s lies in %s', (url, expected) => {
  const matcher = matcherOf('[DEFAULT]\nenabled_backends = web:http\n');
  expect(inWords(matcher(url, imageId))).toBe(expected);
});

it('two http stores cannot be told apart', () => {
  const text = '[DEFAULT]\nenabled_backends = one:http, two:http\n';
  expect(matcherOf(text)('https://h/x', imageId)).toEqual({
    kind: 'many',
    stores: ['one', 'two'],
    deviation: { rule: 'equal-prefixes', glanceStore: 'one', store: null },
  });
});

it('the prefix is the bare word http', () => {
  const { stores } = configure('[DEFAULT]\nenabled_backends = web:http\n');
  expect(stores[0]?.urlPrefix).toEqual({ kind: 'known', value: 'http' });
});
