import { describe, expect, it } from 'vitest';
import { createClaimTest } from '../../src/locations/claim.ts';
import { createDecider, type Decider } from '../../src/locations/decide.ts';
import type { Decision } from '../../src/locations/decision.ts';
import { createDecrypter } from '../../src/locations/encryption.ts';
import { createMatcher } from '../../src/locations/matcher.ts';
import { createMetaDataReader } from '../../src/locations/meta-data.ts';
import type { Store } from '../../src/stores/store.ts';
import { readGoldenDatabase } from '../support/golden-databases.ts';
import {
  type Difference,
  differingLines,
  differingRows,
  edit,
  isMended,
  nameDifference,
  wantedText,
} from '../support/golden-differences.ts';
import { followedLines } from '../support/golden-lines.ts';
import { configureGoldenStores } from '../support/golden-stores.ts';
import { goldenCases, type GoldenCase, type GoldenLine } from '../support/golden.ts';
import { countBy } from '../support/reading.ts';

function decideAsGlance(stores: readonly Store[], encryptionKey?: string): Decider {
  return createDecider({
    enabledStoreIds: new Set(stores.filter(({ reserved }) => !reserved).map(({ id }) => id)),
    matcher: createMatcher({ stores, matching: 'glance', mappings: [] }),
    hasClaim: createClaimTest({ stores, matching: 'glance' }),
    decrypter: createDecrypter(encryptionKey),
    metaDataReader: createMetaDataReader(),
    onlyMissing: false,
    replaceContradicting: false,
    metaDataCapacity: 65_535,
  });
}

function textAfter(decision: Decision, before: string | null): string | null {
  return 'metaData' in decision ? decision.metaData : before;
}

describe('one location at a time', () => {
  const cases = goldenCases().filter(({ zed }) => zed.lines.length > 0);

  it.each(cases)('$name: gets the text that Glance gives it, but for what is named', (golden) => {
    const { decide } = open(golden);
    for (const { line, difference } of findDifferences(golden)) {
      const text = textAfter(decide(line.url, line.metaData), line.metaData);
      const fill = textAfter(decide(line.url, '{}'), '{}');
      expect(text, `${difference}: ${line.url}`).toBe(wantedText(line, difference, fill));
    }
  });

  it('differs from Glance as often as is known', () => {
    const all = cases.flatMap(findDifferences);
    expect(countBy(all, ({ difference }) => difference)).toEqual(differingLines);
  });

  it.each(cases)('$name: is unreadable just where a GET by Glance fails', (golden) => {
    const { lines, decide } = open(golden);
    for (const line of lines.filter(({ metaData }) => !isMended(metaData))) {
      const isReadable = /^[a-z][a-z0-9+.-]*:/i.test(line.url);
      const { kind } = decide(line.url, line.metaData);
      if (line.error !== undefined || isReadable) {
        expect(kind === 'unreadable', line.url).toBe(line.error !== undefined);
      }
    }
  });
});

type DecideLine = (url: string, metaData: string | null) => Decision;

function open(golden: GoldenCase): { lines: GoldenLine[]; decide: DecideLine } {
  const decider = decideAsGlance(configureGoldenStores(golden).stores);
  const row = { id: 1, imageId: '00000000-0000-4000-8000-000000000000' };
  return {
    lines: followedLines(golden).map(({ line }) => line),
    decide: (value, metaData) => decider({ ...row, value, metaData }),
  };
}

/** The lines after which the text is not what Glance makes of it. */
function findDifferences(golden: GoldenCase): { line: GoldenLine; difference: Difference }[] {
  const { lines, decide } = open(golden);
  return lines
    .filter(
      ({ url, metaData, metaDataAfter }) =>
        textAfter(decide(url, metaData), metaData) !== metaDataAfter,
    )
    .map((line) => ({ line, difference: nameDifference(line) }));
}

describe.each(['plain', 'encrypted-nasty'] as const)('the golden database %s', (name) => {
  const { stores, encryptionKey, rows } = readGoldenDatabase(name);
  const decide = decideAsGlance(stores, encryptionKey);
  const inScope = rows
    .filter(({ deleted, status }) => !deleted && status === 'active')
    .map((row) => ({ ...row, decision: decide(row) }));
  const named = Object.entries(differingRows[name]);
  const differing = inScope.filter(
    ({ decision, metaData, metaDataAfter }) => textAfter(decision, metaData) !== metaDataAfter,
  );

  it('ends as Glance leaves it, but for the rows named', () => {
    const ids = named.flatMap(([, list]) => list).sort((one, other) => one - other);
    expect(inScope.length).toBeGreaterThan(300);
    expect(differing.map(({ id }) => id)).toEqual(ids);
  });

  it.each(named)('%s', (difference, ids) => {
    for (const { decision, metaData, metaDataAfter } of differing.filter(({ id }) =>
      ids.includes(id),
    )) {
      expect(decision.kind).toBe('assigned');
      if (decision.kind !== 'assigned') continue;
      expect(decision.metaData).toBe(edit(metaData, decision.store));
      const isEdited = difference === 'text is edited, not written anew';
      expect(metaDataAfter).toEqual(
        isEdited ? expect.stringContaining(`"store": "${decision.store}"`) : metaData,
      );
    }
  });
});

it('without the key of an encrypted database no row of it is written', () => {
  const { stores, rows } = readGoldenDatabase('encrypted-nasty');
  const kinds = rows.map(decideAsGlance(stores)).map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['current', 'unreadable']));
});
