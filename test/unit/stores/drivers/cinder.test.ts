import { expect, it } from 'vitest';
import { imageId, inWords, matcherOf } from '../../../support/conf-stores.ts';

const matcher = matcherOf('[DEFAULT]\nenabled_backends = s1:cinder, s10:cinder\n');
const legacy =
  'none: the URL is from before there were several stores and names a volume only; ' +
  'say with --map-file in which store the volume is';

it.each([
  ['cinder://s1/VOLUME', 's1'],
  ['cinder://s10/VOLUME', 's10'],
  ['CINDER://s10/VOLUME', 's10'],
  ['cinder://s1//VOLUME', 's1'],
  ['cinder://s100/VOLUME', 'none: the URL names store "s100", not "s10"'],
  [
    'cinder://S1/VOLUME',
    'none: s1: the URL names store "S1", not "s1"; s10: the URL names store "S1", not "s10"',
  ],
  [
    'cinder://gone/VOLUME',
    'none: s1: the URL names store "gone", not "s1"; s10: the URL names store "gone", not "s10"',
  ],
  ['cinder://VOLUME', legacy],
  ['cinder://s1', legacy],
  ['cinder://s1/', legacy],
  ['cinder:///VOLUME', 'none: the URL names neither store nor volume'],
  [
    'cinder://x:secret@gone/VOLUME',
    'none: s1: the URL names store "***", not "s1"; s10: the URL names store "***", not "s10"',
  ],
])('%s lies in %s', (url, expected) => {
  const volume = '99999999-0000-4000-8000-000000000000';
  expect(inWords(matcher(url.replace('VOLUME', volume), imageId))).toBe(expected);
});

it('Glance takes s1 for the volumes of s10, which is told', () => {
  expect(matcher('cinder://s10/v', imageId)).toMatchObject({
    store: 's10',
    deviation: { rule: 'path-boundary', glanceStore: 's1', store: 's10' },
  });
});
