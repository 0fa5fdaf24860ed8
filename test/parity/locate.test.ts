import { describe, expect, it } from 'vitest';
import { readMetaData } from '../../src/locations/meta-data.ts';
import type { Match } from '../../src/locations/match.ts';
import { createMatcher, createPlainMatcher } from '../../src/locations/matcher.ts';
import { followedLines } from '../support/golden-lines.ts';
import { configureGoldenStores } from '../support/golden-stores.ts';
import { type GoldenLine, goldenCases } from '../support/golden.ts';

const cases = goldenCases().filter(({ zed }) => zed.lines.length > 0);

/** Stands for the row's image: with `--matching glance` it does not matter. */
const imageId = '00000000-0000-4000-8000-000000000000';

/** What a golden line says of the choice of a store. */
type Told = Choice | { readonly kind: 'nothing'; readonly why: string };

type Choice =
  | { readonly kind: 'store'; readonly store: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'no URL' };

describe.each(cases)('$name', (golden) => {
  const { stores } = configureGoldenStores(golden);
  const matcher = createMatcher({ stores, matching: 'glance', mappings: [] });
  const enabled = stores.filter(({ reserved }) => !reserved).map(({ id }) => id);
  const reserved = stores.filter((store) => store.reserved).map(({ id }) => id);

  it('chooses what Glance chooses, line by line', () => {
    const told = followedLines(golden).flatMap(({ line, number, release }) => {
      const choice = readLine(line, [...enabled, ...reserved], enabled);
      return choice.kind === 'nothing' ? [] : [{ line, number, release, choice }];
    });
    expect(told.length).toBeGreaterThan(20);
    for (const { line, number, release, choice } of told) {
      const match = matcher(line.url, imageId);
      const place = `${release} line ${number}: ${line.url}`;
      expect(inExpectedWords(choice, reserved), place).toContain(inWords(match));
      if (release === 'master') {
        expect(chosenByGlance(match), place).toBe(storeOf(choice));
      }
    }
  });
});

describe.each(['corrected', 'glance'] as const)('with --matching %s', (matching) => {
  it.each(cases)('remembered answers are right for all of $name', (golden) => {
    const { stores } = configureGoldenStores(golden);
    const shared = createMatcher({ stores, matching, mappings: [] });
    const plain = createPlainMatcher({ stores, matching, mappings: [] });
    for (const { url } of [...golden.zed.lines, ...golden.zed.lines]) {
      const id = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?=[^/]*$)/.exec(url)?.[0] ?? imageId;
      expect(shared(url, id), url).toEqual(plain(url, id));
    }
  });
});

it('follows Zed only where the newest release is broken half-way', () => {
  const counts = new Map<string, number>();
  for (const golden of cases) {
    for (const { reason } of followedLines(golden)) {
      if (reason === undefined) continue;
      const key = `${golden.name}: ${reason}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  expect(Object.fromEntries(counts)).toEqual({
    'env-override: S3 credentials stripped': 20,
    'mixed-all: S3 credentials stripped': 12,
    's3-bucket-prefix: S3 credentials stripped': 62,
    's3-hosts: S3 credentials stripped': 62,
    's3-missing: S3 credentials stripped': 45,
    'swift-config-ref: reference None': 24,
    'swift-v1-http: Swift version 1 refused': 72,
  });
});

/**
 * Lines tell the choice unless Glance failed, or did not look because the store was enabled already. A store that
 * is still what it was means that none was chosen.
 */
function readLine(line: GoldenLine, ids: readonly string[], enabled: readonly string[]): Told {
  const { error, metaData, saved, store, urlAfter } = line;
  if (error?.startsWith('ValueError') === true) return { kind: 'no URL' };
  if (error !== undefined) return { kind: 'nothing', why: 'the GET failed' };
  if (/^cinder:/.test(line.url) && urlAfter !== undefined) {
    return { kind: 'nothing', why: 'Cinder was asked for the volume' };
  }
  const before = readMetaData(metaData);
  if (before.kind === 'object' && before.store.kind === 'id' && enabled.includes(before.store.id)) {
    return { kind: 'nothing', why: 'the store was enabled' };
  }
  const isChosen = saved && typeof store === 'string' && ids.includes(store);
  return isChosen ? { kind: 'store', store } : { kind: 'none' };
}

/**
 * Two intended differences: a store that Glance reserves for itself is never a target, and what has no scheme is
 * no URL, where Glance merely finds no store.
 */
function inExpectedWords(told: Choice, reserved: readonly string[]): readonly string[] {
  if (told.kind === 'none') return ['none', 'no URL'];
  if (told.kind === 'no URL') return ['no URL'];
  return [reserved.includes(told.store) ? 'none' : told.store];
}

function inWords(match: Match): string {
  if (match.kind === 'not-a-url') return 'no URL';
  return match.kind === 'one' ? match.store : match.kind;
}

function chosenByGlance(match: Match): string | null {
  if (match.kind === 'not-a-url') return null;
  if (match.deviation !== null) return match.deviation.glanceStore;
  return match.kind === 'one' ? match.store : null;
}

function storeOf(told: Choice): string | null {
  return told.kind === 'store' ? told.store : null;
}
