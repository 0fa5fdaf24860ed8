import { parseLocationUrl } from '../stores/location-url.ts';
import type { Store } from '../stores/store.ts';
import { matchCorrected } from './corrected-rule.ts';
import { matchAsGlance } from './glance-rule.ts';
import { indexMappings } from './mapping-index.ts';
import type { Matcher, MatcherOptions } from './match.ts';
import { createUrlKinds, type FindUrlKind } from './url-kinds.ts';

/** Makes a matcher that judges each kind of URL once; the answers are a function of URL and image id. */
export function createMatcher(options: MatcherOptions): Matcher {
  return createKindMatcher(options).match;
}

/** The same, and what it goes by: the kind of each URL. */
export function createKindMatcher(options: MatcherOptions): {
  readonly match: Matcher;
  readonly findKind: FindUrlKind;
} {
  const judge = createPlainMatcher(options);
  const findKind = createUrlKinds(judge, options);
  return {
    match: (rawUrl, imageId) => findKind(rawUrl, imageId)?.match ?? judge(rawUrl, imageId),
    findKind,
  };
}

/** Makes a matcher that judges every URL anew: the same answers, only slower. */
export function createPlainMatcher(options: MatcherOptions): Matcher {
  const { stores, matching, mappings, onMapped } = options;
  const findMapping = indexMappings(mappings);
  const findCandidates = indexBySchemes(stores);
  return (rawUrl, imageId) => {
    const url = parseLocationUrl(rawUrl);
    if (url === undefined) return { kind: 'not-a-url' };
    const candidates = findCandidates(url.scheme);
    if (matching === 'glance') return matchAsGlance(url, candidates);
    const mapping = findMapping(url);
    if (mapping !== undefined) onMapped?.(mapping);
    return matchCorrected({ url, imageId, candidates, mapping });
  };
}

/** `SCHEME_TO_CLS_BACKEND_MAP` of glance_store/location.py: the stores that register a scheme, in order. */
export function indexBySchemes(stores: readonly Store[]): (scheme: string) => readonly Store[] {
  const byScheme = new Map<string, readonly Store[]>();
  return (scheme) => {
    const known = byScheme.get(scheme);
    if (known !== undefined) return known;
    const found = stores.filter(({ schemes }) => schemes.includes(scheme));
    if (found.length > 0) byScheme.set(scheme, found);
    return found;
  };
}
