import { type GlanceChoice, chooseAsGlance } from '../stores/glance-choice.ts';
import { parseLocationUrl, type LocationUrl } from '../stores/location-url.ts';
import type { Store } from '../stores/store.ts';
import { choose, type Choice, type StoreFit } from './choice.ts';
import { judgeAll } from './corrected-rule.ts';
import { indexMappings } from './mapping-index.ts';
import type { Mapping } from './mappings.ts';
import type { MatcherOptions } from './match.ts';
import { indexBySchemes } from './matcher.ts';

/** A store that takes URLs of a scheme, and why it wins or loses one. */
export interface Candidate {
  readonly store: Store;
  /** whether the URL lies in it, and in no other one more specifically */
  readonly matches: boolean;
  /** in an operator's words, without secrets */
  readonly why: string;
}

/** How a URL came to its store, or to none. */
export interface MatchExplanation {
  /** in the order of `enabled_backends`, the reserved ones last; none for what is no URL */
  readonly candidates: readonly Candidate[];
  /** what Glance's own rule comes to */
  readonly glance: GlanceChoice;
}

/** Explains what a `Matcher` of the same options says of a URL; never throws. */
export type MatchExplainer = (rawUrl: string, imageId: string) => MatchExplanation;

/** Makes an explainer; it looks at every candidate, where a matcher stops as soon as it can. */
export function createMatchExplainer({
  stores,
  matching,
  mappings,
}: MatcherOptions): MatchExplainer {
  const findMapping = indexMappings(mappings);
  const findCandidates = indexBySchemes(stores);
  return (rawUrl, imageId) => {
    const url = parseLocationUrl(rawUrl);
    if (url === undefined) return { candidates: [], glance: { kind: 'none' } };
    const candidates = findCandidates(url.scheme);
    const glance = chooseAsGlance(url, candidates);
    if (matching === 'glance')
      return { candidates: explainGlance(url, candidates, glance), glance };
    const mapping = findMapping(url);
    const storeFits = judgeAll({ url, imageId, candidates, mapping });
    return {
      candidates:
        mapping === undefined ? explainFits(storeFits) : explainMapping(mapping, candidates),
      glance,
    };
  };
}

function explainMapping(
  { store: mapped, prefix }: Mapping,
  candidates: readonly Store[],
): Candidate[] {
  return candidates.map((store) =>
    store.id === mapped
      ? {
          store,
          matches: true,
          why: `the mapping of ${prefix === '' ? 'its scheme' : prefix} says so`,
        }
      : { store, matches: false, why: `a mapping gives the URL to ${mapped}` },
  );
}

function explainFits(storeFits: readonly StoreFit[]): Candidate[] {
  const choice = choose(storeFits);
  const winners = winnersOf(choice);
  return storeFits.map(({ store, fit }) => {
    if (fit.kind === 'misses') return { store, matches: false, why: fit.why };
    const others = winners.filter((id) => id !== store.id).join(' and ');
    if (!winners.includes(store.id)) {
      const why =
        others === ''
          ? 'the URL names a store that is out of order'
          : `the URL lies in it, but deeper in ${others}`;
      return { store, matches: false, why };
    }
    const why =
      others === '' ? 'the URL lies in it' : `the URL lies in it, and as deep in ${others}`;
    return { store, matches: true, why };
  });
}

function winnersOf(choice: Choice): readonly string[] {
  switch (choice.kind) {
    case 'one':
    case 'reserved':
      return [choice.fitting.store.id];
    case 'many':
      return choice.fitting.map(({ store }) => store.id);
    case 'none':
      return [];
  }
}

function explainGlance(
  { raw }: LocationUrl,
  candidates: readonly Store[],
  glance: GlanceChoice,
): Candidate[] {
  const first = glance.kind === 'none' ? undefined : glance.store;
  return candidates.map((store) => {
    const { urlPrefix } = store;
    if (urlPrefix.kind !== 'known') {
      return { store, matches: false, why: `its prefix is not known: ${urlPrefix.why}` };
    }
    if (!raw.startsWith(urlPrefix.value)) {
      return { store, matches: false, why: 'the URL does not begin with its prefix' };
    }
    if (store === first) return { store, matches: true, why: 'the URL begins with its prefix' };
    return {
      store,
      matches: false,
      why: `the URL begins with its prefix, but ${first?.id ?? ''} comes first`,
    };
  });
}
