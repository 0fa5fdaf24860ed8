import { createClaimTest } from '../locations/claim.ts';
import { createDecider, type Decider, type DeciderOptions } from '../locations/decide.ts';
import { createDecrypter } from '../locations/encryption.ts';
import { createKindMatcher } from '../locations/matcher.ts';
import type { Matcher } from '../locations/match.ts';
import type { Mapping } from '../locations/mappings.ts';
import { createMetaDataReader } from '../locations/meta-data.ts';
import { createLabelJudge, type LabelJudge } from '../locations/label-verdict.ts';
import type { FindUrlKind } from '../locations/url-kinds.ts';
import type { MatchingOptions } from '../options.ts';
import { enabledStoreIds, type Setup } from './setup.ts';

/** What a command wants of its judges besides the rule. */
export interface JudgesOptions extends Pick<
  DeciderOptions,
  'onlyMissing' | 'replaceContradicting' | 'metaDataCapacity'
> {
  /** undefined when locations are not encrypted */
  readonly encryptionKey: string | undefined;
}

/** Those who say what is to become of a location. */
export interface Judges {
  readonly match: Matcher;
  readonly decide: Decider;
  readonly findUrlKind: FindUrlKind;
  /** whether a labelled location bears the configuration out */
  readonly judgeLabel: LabelJudge;
  /** of the mappings, those that were used up to now */
  readonly usedMappings: ReadonlySet<Mapping>;
}

/** Makes the judges of a run: all of them go by the same stores, rule and mappings. */
export function createJudges(
  setup: Setup,
  { matching }: Pick<MatchingOptions, 'matching'>,
  { encryptionKey, ...wishes }: JudgesOptions,
): Judges {
  const usedMappings = new Set<Mapping>();
  const onMapped = (mapping: Mapping): unknown => usedMappings.add(mapping);
  const rule = { stores: setup.stores, matching, mappings: setup.mappings, onMapped };
  const { match, findKind } = createKindMatcher(rule);
  const judging = {
    enabledStoreIds: new Set(enabledStoreIds(setup)),
    matcher: match,
    hasClaim: createClaimTest(rule),
    decrypter: createDecrypter(encryptionKey),
    metaDataReader: createMetaDataReader(),
    ...wishes,
  };
  const decide = createDecider(judging);
  return {
    match,
    decide,
    findUrlKind: findKind,
    judgeLabel: createLabelJudge(judging),
    usedMappings,
  };
}
