import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/locations/decision.ts';
import { openRowsFile } from '../../../src/commands/rows-file.ts';
import { makeLocation } from '../../support/locations.ts';

const url = 's3://AK:s3cr3t@h/b/i';
const decisions: Decision[] = [
  { kind: 'current', store: 'a', contradictedBy: null },
  { kind: 'replaced', url, store: 'a', previousStore: '"old"', metaData: 'x', deviation: null },
  { kind: 'ambiguous', url, stores: ['a', 'b'], previousStore: null, deviation: null },
  { kind: 'unreadable', reason: 'a list' },
  { kind: 'current', store: 'a', contradictedBy: 'b', url },
];

describe('the rows file', () => {
  it('holds one line per row that is not current or is contradicted, without secrets', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'rows-')), 'rows.ndjson');
    const file = openRowsFile(path);
    decisions.forEach((decision, index) => {
      file.add(makeLocation({ id: index, imageId: 'i' }), decision);
    });
    file.close();
    const line = {
      imageId: 'i',
      url: 's3://***@h/b/i',
      store: null,
      contradictedBy: null,
      previousStore: null,
    };
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((text): unknown => JSON.parse(text))).toEqual([
      {
        ...line,
        locationId: 1,
        outcome: 'replaced',
        store: 'a',
        previousStore: 'old',
        reason: null,
      },
      { ...line, locationId: 2, outcome: 'ambiguous', reason: 'fits a and b equally well' },
      {
        ...line,
        locationId: 3,
        url: makeLocation().value,
        outcome: 'unreadable',
        reason: 'a list',
      },
      {
        ...line,
        locationId: 4,
        outcome: 'current',
        store: 'a',
        contradictedBy: 'b',
        reason: null,
      },
    ]);
  });

  it('cannot be made where there is no directory', () => {
    expect(() => openRowsFile('/no/such/directory/rows')).toThrow('/no/such/directory/rows');
  });
});
