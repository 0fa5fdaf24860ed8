import { describe, expect, it } from 'vitest';
import { createClaimTest } from '../../../src/locations/claim.ts';
import type { Store, UrlPrefix } from '../../../src/stores/store.ts';

function store(id: string, urlPrefix: UrlPrefix): Store {
  return {
    id,
    type: 'file',
    reserved: false,
    schemes: ['file'],
    urlPrefix,
    warnings: [],
    dependsOnImage: false,
    isBroken: false,
    comparedTexts: [],
    fit: () => ({ kind: 'fits', depth: 1, correction: 'most-specific' }),
  };
}

const stores = [
  store('images', { kind: 'known', value: 'file:///images' }),
  store('images2', { kind: 'known', value: 'file:///images2' }),
  store('down', { kind: 'unknown', why: 'unreachable', mayBe: [] }),
];

describe('with the rule of Glance, which takes the first of several', () => {
  const hasClaim = createClaimTest({ stores, matching: 'glance' });

  it.each([
    ['file:///images2/1', 'images2', true],
    ['file:///images2/1', 'images', true],
    ['file:///images/1', 'images2', false],
    ['file:///images/1', 'down', true],
  ])('%s could lie in %s: %s', (url, id, claim) => {
    expect(hasClaim(url, id)).toBe(claim);
  });
});

describe('with the corrected rule', () => {
  const broken: Store = {
    ...store('broken', { kind: 'none', why: 'no fsid' }),
    isBroken: true,
  };
  const hasClaim = createClaimTest({ stores: [...stores, broken], matching: 'corrected' });

  it('no store but the one chosen has a claim', () => {
    expect(hasClaim('file:///images2/1', 'images2')).toBe(false);
  });

  it('a store that is out of order may be right all the same', () => {
    expect(hasClaim('file:///images2/1', 'broken')).toBe(true);
  });
});
