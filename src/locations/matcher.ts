import { parseLocationUrl } from '../stores/location-url.ts';
import type { Store } from '../stores/store.ts';
import { matchCorrected } from './corrected-rule.ts';
import { matchAsGlance } from './glance-rule.ts';
import { indexMappings } from './mapping-index.ts';
import { memoise } from './match-memo.ts';
import type { Matcher, MatcherOptions } from './match.ts';

/** Makes the judge of URLs. Its answers are a function of URL and image id. */
export function createMatcher(options: MatcherOptions): Matcher {
  const judge = createJudge(options);
  return { match: options.memory === 'each' ? judge : memoise(judge, options) };
}

function createJudge({ stores, matching, mappings }: MatcherOptions): Matcher['match'] {
  const findMapping = indexMappings(mappings);
  const findCandidates = indexBySchemes(stores);
  return (rawUrl, imageId) => {
    const url = parseLocationUrl(rawUrl);
    if (url === undefined) return { kind: 'not-a-url' };
    const candidates = findCandidates(url.scheme);
    if (matching === 'glance') return matchAsGlance(url, candidates);
    return matchCorrected({ url, imageId, candidates, mapping: findMapping(url) });
  };
}

/** `SCHEME_TO_CLS_BACKEND_MAP` of glance_store/location.py: the stores that register a scheme, in order. */
function indexBySchemes(stores: readonly Store[]): (scheme: string) => readonly Store[] {
  const byScheme = new Map<string, readonly Store[]>();
  return (scheme) => {
    const known = byScheme.get(scheme);
    if (known !== undefined) return known;
    const found = stores.filter(({ schemes }) => schemes.includes(scheme));
    if (found.length > 0) byScheme.set(scheme, found);
    return found;
  };
}
