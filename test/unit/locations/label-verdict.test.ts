import { expect, it } from 'vitest';
import { createClaimTest } from '../../../src/locations/claim.ts';
import { createDecrypter } from '../../../src/locations/encryption.ts';
import { parseMappings } from '../../../src/locations/mappings.ts';
import type { Matching } from '../../../src/locations/match.ts';
import { createMatcher } from '../../../src/locations/matcher.ts';
import { createMetaDataReader } from '../../../src/locations/meta-data.ts';
import { createLabelJudge, type LabelVerdict } from '../../../src/locations/label-verdict.ts';
import { configure } from '../../support/conf-stores.ts';
import { makeLocation } from '../../support/locations.ts';

/** `near` is how `nearby` begins, so Glance takes URLs of the one for the other's. The cluster of `blind` is not known. */
const { stores } = configure(`[DEFAULT]
enabled_backends = near:file, nearby:file, far:file, twin:file, blind:rbd
[near]
filesystem_store_datadir = /images
[nearby]
filesystem_store_datadir = /images2
[far]
filesystem_store_datadir = /far
[twin]
filesystem_store_datadir = /far
`);

function judgeLabel(store: string, url: string, matching: Matching = 'corrected'): LabelVerdict {
  const map = { from: '--map', prefix: 'file:///mapped', store: 'near' };
  const mappings = matching === 'glance' ? [] : parseMappings([map], stores).mappings;
  const rule = { stores, matching, mappings };
  const judge = createLabelJudge({
    enabledStoreIds: new Set(stores.filter(({ reserved }) => !reserved).map(({ id }) => id)),
    matcher: createMatcher(rule),
    hasClaim: createClaimTest(rule),
    decrypter: createDecrypter(undefined),
    metaDataReader: createMetaDataReader(),
  });
  return judge(makeLocation({ value: url, metaData: `{"store": ${store}}` }));
}

it.each([
  ['"near"', 'file:///images/x', { kind: 'agrees' }],
  ['"near"', 'file:///mapped/x', { kind: 'agrees' }],
  ['"nearby"', 'file:///images/x', { kind: 'contradicts', store: 'nearby', matchingStore: 'near' }],
  ['"near"', 'file:///images2/x', { kind: 'agrees' }],
  ['"far"', 'file:///images2/x', { kind: 'contradicts', store: 'far', matchingStore: 'nearby' }],
  ['"blind"', 'file:///images/x', { kind: 'silent' }],
  ['"gone"', 'file:///images/x', { kind: 'not-enabled', store: 'gone' }],
  ['""', 'file:///images/x', { kind: 'silent' }],
  ['7', 'file:///images/x', { kind: 'silent' }],
  ['"near"', 'file:///elsewhere/x', { kind: 'silent' }],
  ['"near"', 'file:///far/x', { kind: 'silent' }],
  ['"near"', 'no URL', { kind: 'silent' }],
])('a label %s on %s: %j', (store, url, verdict) => {
  expect(judgeLabel(store, url)).toEqual(verdict);
});

it.each([
  ['"near"', 'file:///images2/x', { kind: 'agrees' }],
  ['"nearby"', 'file:///images2/x', { kind: 'silent' }],
  ['"far"', 'file:///images2/x', { kind: 'contradicts', store: 'far', matchingStore: 'near' }],
])('by the rule of Glance a label %s on %s: %j', (store, url, verdict) => {
  expect(judgeLabel(store, url, 'glance')).toEqual(verdict);
});

it('meta_data that cannot be read says nothing', () => {
  expect(judgeLabel('"near"}', 'file:///images2/x')).toEqual({ kind: 'silent' });
});
