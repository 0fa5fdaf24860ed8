import { expect, it, vi } from 'vitest';
import { loadConf } from '../../../src/conf/load.ts';
import { createClaimTest } from '../../../src/locations/claim.ts';
import { createDecider, type Decider } from '../../../src/locations/decide.ts';
import { createDecrypter } from '../../../src/locations/encryption.ts';
import { createMatcher } from '../../../src/locations/matcher.ts';
import { createMetaDataReader } from '../../../src/locations/meta-data.ts';
import { configureStores } from '../../../src/stores/enabled.ts';

interface Group {
  readonly count: number;
  readonly url: (imageId: string) => string;
  readonly metaData: string | null;
  readonly outcome: string;
}

// The demo is plain JavaScript, which the compiler does not look into.
const groups = await vi.importActual<Record<string, readonly Group[]>>(
  '../../../demo/sample-groups.js',
);

const imageId = '3f9d2b1e-64a5-4c0b-8f0e-2a7d1c5b9e83';

function createSampleDecider(): Decider {
  const { conf, namedFiles } = loadConf({
    given: [{ kind: 'file', path: 'glance-api.conf.example' }],
    environment: {},
    homeDirectory: '/nonexistent',
  });
  const { stores } = configureStores({ conf, files: namedFiles, rbdFsids: [] });
  const rule = { stores, matching: 'corrected', mappings: [] } as const;
  const enabled = stores.filter(({ reserved }) => !reserved);
  return createDecider({
    enabledStoreIds: new Set(enabled.map(({ id }) => id)),
    matcher: createMatcher(rule),
    hasClaim: createClaimTest(rule),
    decrypter: createDecrypter(undefined),
    metaDataReader: createMetaDataReader(),
    onlyMissing: false,
    replaceContradicting: false,
    metaDataCapacity: Infinity,
  });
}

const inScope = Object.values(groups)
  .flat()
  .filter(({ outcome }) => outcome !== 'out of scope')
  .map(({ url, ...group }) => ({ ...group, value: url(imageId) }));

it.each(inScope)(
  'with glance-api.conf.example, $value with meta_data $metaData is $outcome',
  ({ value, metaData, outcome }) => {
    const decide = createSampleDecider();
    const location = { id: 1, imageId, value, metaData, status: 'active', deleted: false };
    expect(decide(location).kind).toBe(outcome);
  },
);
