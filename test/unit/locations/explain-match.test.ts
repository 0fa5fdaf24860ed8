import { describe, expect, it } from 'vitest';
import { createMatchExplainer } from '../../../src/locations/explain-match.ts';
import type { Mapping } from '../../../src/locations/mappings.ts';
import type { Matching } from '../../../src/locations/match.ts';
import { createMatcher } from '../../../src/locations/matcher.ts';
import { configure, imageId } from '../../support/conf-stores.ts';

const { stores } = configure(`[DEFAULT]
enabled_backends = outer:file, inner:file, one:http, two:http, ceph:rbd
[outer]
filesystem_store_datadir = /srv
[inner]
filesystem_store_datadir = /srv/fast
[ceph]
rbd_store_pool = images
`);

/** Each candidate in a few words, the chosen ones with a star. */
function explain(url: string, matching: Matching = 'corrected', mappings: readonly Mapping[] = []) {
  const { candidates, glance } = createMatchExplainer({ stores, matching, mappings })(url, imageId);
  return {
    glance: glance.kind === 'none' ? 'none' : `${glance.kind}: ${glance.store.id}`,
    candidates: candidates
      .filter(({ store }) => !store.reserved)
      .map(({ store, matches, why }) => `${matches ? '*' : ''}${store.id}: ${why}`),
  };
}

describe('an explanation', () => {
  it('tells of a store that fits, and of one that fits better', () => {
    expect(explain('file:///srv/fast/x')).toEqual({
      glance: 'one: outer',
      candidates: ['outer: the URL lies in it, but deeper in inner', '*inner: the URL lies in it'],
    });
  });

  it('tells what keeps a URL out of each store', () => {
    expect(explain('file:///else/x')).toEqual({
      glance: 'none',
      candidates: [
        'outer: the path is not below "/srv"',
        'inner: the path is not below "/srv/fast"',
      ],
    });
  });

  it('tells of stores that fit equally well', () => {
    expect(explain('http://h/x')).toEqual({
      glance: 'one: one',
      candidates: [
        '*one: the URL lies in it, and as deep in two',
        '*two: the URL lies in it, and as deep in one',
      ],
    });
  });

  it('tells of a mapping', () => {
    const mapping = { scheme: 'http', prefix: 'h/x', store: 'two' };
    expect(explain('http://h/x/y', 'corrected', [mapping]).candidates).toEqual([
      'one: a mapping gives the URL to two',
      '*two: the mapping of h/x says so',
    ]);
  });

  it('follows the rule of Glance when asked to', () => {
    expect(explain('file:///srv/fast/x', 'glance').candidates).toEqual([
      '*outer: the URL begins with its prefix',
      'inner: the URL begins with its prefix, but outer comes first',
    ]);
    expect(explain('file:///else/x', 'glance').candidates).toEqual([
      'outer: the URL does not begin with its prefix',
      'inner: the URL does not begin with its prefix',
    ]);
  });

  it('names a store whose prefix is not known here', () => {
    const { glance, candidates } = explain('rbd://f/images/x/snap', 'glance');
    expect(glance).toBe('unknown: ceph');
    expect(candidates).toEqual([expect.stringMatching(/^ceph: its prefix is not known: .+/)]);
  });

  it('has no candidates for what is no URL, or of a scheme that no store takes', () => {
    for (const url of ['', 'nonsense', 's3://h/b/x']) expect(explain(url).candidates).toEqual([]);
  });

  it.each(['corrected', 'glance'] as const)('agrees with the match by the %s rule', (matching) => {
    const match = createMatcher({ stores, matching, mappings: [] });
    for (const path of ['srv/x', 'srv/fast/x', 'srv/fast2/x', 'srvx', 'else', 'srv/../x']) {
      const url = `file:///${path}`;
      const starred = explain(url, matching).candidates.filter((line) => line.startsWith('*'));
      const found = match(url, imageId);
      expect(
        starred.map((line) => line.slice(1).split(':')[0]),
        url,
      ).toEqual(found.kind === 'one' ? [found.store] : []);
    }
  });
});
