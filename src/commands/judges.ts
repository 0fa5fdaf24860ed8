import { createClaimTest } from '../locations/claim.ts';
import { createDecider, type Decider, type DeciderOptions } from '../locations/decide.ts';
import { createDecrypter } from '../locations/encryption.ts';
import { createKindMatcher } from '../locations/matcher.ts';
import { createMetaDataReader } from '../locations/meta-data.ts';
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
  readonly decide: Decider;
  readonly findUrlKind: FindUrlKind;
}

/** Makes the judges of a run: all of them go by the same stores, rule and mappings. */
export function createJudges(
  setup: Setup,
  { matching }: Pick<MatchingOptions, 'matching'>,
  { encryptionKey, ...wishes }: JudgesOptions,
): Judges {
  const rule = { stores: setup.stores, matching, mappings: setup.mappings };
  const { match, findKind } = createKindMatcher(rule);
  const decide = createDecider({
    enabledStoreIds: new Set(enabledStoreIds(setup)),
    matcher: match,
    hasClaim: createClaimTest(rule),
    decrypter: createDecrypter(encryptionKey),
    metaDataReader: createMetaDataReader(),
    ...wishes,
  });
  return { decide, findUrlKind: findKind };
}
