import { describe, expect, it } from 'vitest';
import { ConfError } from '../../src/conf/mistake.ts';
import type { Store } from '../../src/stores/store.ts';
import { configureGoldenStores } from '../support/golden-stores.ts';
import { type GoldenCase, type GoldenStore, goldenCases } from '../support/golden.ts';

const cases = goldenCases();
const refused = cases.filter(({ zed }) => zed.prefixes.startupError !== null);
const accepted = cases.filter(({ zed }) => zed.prefixes.startupError === null);

/**
 * Every enabled store that the two releases configure differently, and whose answer counts: the newest release's
 * where it adds something, Zed's where the newest is broken half-way.
 */
const differing: Readonly<Record<string, 'zed' | 'master'>> = {
  // [backend_defaults] is new.
  'backend-defaults f1': 'master',
  'backend-defaults ceph': 'master',
  'backend-defaults sw': 'master',
  // So are application credentials.
  'swift-app-credential ac': 'master',
  'swift-app-credential both': 'master',
  // The newest has `swift+config://None/`: it asks for the reference where its default is gone.
  'swift-config-ref b': 'zed',
  // The newest refuses version 1 of authentication, though the URLs are the same.
  'swift-v1-http sw': 'zed',
};

interface Pair {
  readonly name: string;
  readonly zed: GoldenStore;
  readonly master: GoldenStore;
}

const pairs: readonly Pair[] = accepted.flatMap(({ name, zed, master }) =>
  zed.prefixes.stores.map((store) => ({
    name: `${name} ${store.id}`,
    zed: store,
    master: find(master.prefixes.stores, store.id),
  })),
);
const enabledPairs = pairs.filter(({ zed }) => !zed.reserved);

it('the releases differ in the enabled stores named here and in no other', () => {
  const found = enabledPairs.filter(({ zed, master }) => zed.urlPrefix !== master.urlPrefix);
  expect(found.map(({ name }) => name).sort()).toEqual(Object.keys(differing).sort());
});

describe.each(accepted)('$name', (golden) => {
  const { stores } = configureGoldenStores(golden);

  it('has the same stores in the same order', () => {
    const expected = golden.zed.prefixes.stores;
    expect(stores.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  });

  it.each(golden.zed.prefixes.stores)('configures $id as Glance does', ({ id }) => {
    expect(describeStore(find(stores, id))).toEqual(describeGolden(expectedStore(golden, id)));
  });

  it('tells of a default_backend that keeps Glance from starting, and of no other', () => {
    const { warnings } = configureGoldenStores(golden);
    const told = warnings.filter((warning) => warning.includes('default_backend'));
    const isWrong = golden.zed.prefixes.verifyStoreError !== null;
    expect(told).toHaveLength(isWrong ? 1 : 0);
  });
});

it.each(refused)('$name: refused, as Glance refuses to start', (golden) => {
  expect(() => configureGoldenStores(golden)).toThrow(ConfError);
});

it('says where the mistakes are that keep Glance from starting', () => {
  const messages = refused.map((golden) => {
    try {
      configureGoldenStores(golden);
      return 'no mistake';
    } catch (error) {
      return error instanceof ConfError ? error.mistakes.map(({ option }) => option) : error;
    }
  });
  expect(messages).toEqual([['[DEFAULT] enabled_backends'], ['[s] s3_store_secret_key']]);
});

/** A reserved store of a case with which the newest release does not start is as in any other case. */
function expectedStore(golden: GoldenCase, id: string): GoldenStore {
  if (differing[`${golden.name} ${id}`] === 'zed') return find(golden.zed.prefixes.stores, id);
  const starts = golden.master.prefixes.startupError === null;
  const like = starts ? golden : cases.find(({ name }) => name === 'file-single');
  return find(like?.master.prefixes.stores ?? [], id);
}

function describeStore({ id, type, reserved, schemes, urlPrefix }: Store): unknown {
  const prefix = urlPrefix.kind === 'known' ? urlPrefix.value : null;
  return { id, type, reserved, schemes, prefix };
}

function describeGolden({ id, type, reserved, schemes, urlPrefix }: GoldenStore): unknown {
  return { id, type, reserved, schemes: schemes ?? [], prefix: urlPrefix };
}

function find<T extends { readonly id: string }>(stores: readonly T[], id: string): T {
  const store = stores.find((one) => one.id === id);
  if (store === undefined) throw new Error(`there is no store ${id}`);
  return store;
}
