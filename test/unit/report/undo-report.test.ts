import { describe, expect, it } from 'vitest';
import {
  buildUndoReport,
  renderUndoTable,
  type UndoFacts,
  UndoTally,
} from '../../../src/report/undo-report.ts';
import { plain } from '../../support/reports.ts';

const facts: UndoFacts = {
  journal: '/j/run.ndjson',
  ownJournal: '/j/undo.ndjson',
  dryRun: false,
  inJournal: 1_238,
  exitCode: 0,
};

function makeTally(restored: number): UndoTally {
  const tally = new UndoTally();
  for (let row = 0; row < restored; row++) tally.addRestored();
  tally.addLeftAlone('removed since', { locationId: 3, imageId: null });
  tally.addLeftAlone('changed since', { locationId: 7, imageId: 'i-7' });
  tally.addLeftAlone('changed since', { locationId: 8, imageId: 'i-8' });
  return tally;
}

function render(restored: number, differences: Partial<UndoFacts> = {}): string {
  return renderUndoTable(buildUndoReport(makeTally(restored), { ...facts, ...differences }), {
    paint: plain,
    width: 80,
    database: { server: 'MariaDB 10.11.19', name: 'glance' },
  });
}

it('sums up rows by reason, the most frequent first, each with its first row as example', () => {
  expect(buildUndoReport(makeTally(1_235), facts)).toEqual({
    schema: 'glance-store-backfill/undo@1',
    journal: '/j/run.ndjson',
    ownJournal: '/j/undo.ndjson',
    dryRun: false,
    rows: { inJournal: 1_238, restored: 1_235, leftAlone: 3 },
    leftAlone: [
      { reason: 'changed since', count: 2, example: { locationId: 7, imageId: 'i-7' } },
      { reason: 'removed since', count: 1, example: { locationId: 3, imageId: null } },
    ],
    exitCode: 0,
  });
});

describe('the table of an undo', () => {
  it('says what was put back, what was not and why, and where its own journal is', () => {
    expect(render(1_235)).toBe(`Undo
MariaDB 10.11.19, database glance; undoing /j/run.ndjson

Rows                1,238
restored            1,235  have their meta_data of before the run
left alone              3  stay as they are

Left alone
        2  changed since
           e.g. location 7 of image i-7
           explain --location 7 shows it
        1  removed since
           e.g. location 3

1,235 rows restored.
Journal: /j/undo.ndjson
`);
  });

  it('says of a dry run what would be', () => {
    const table = render(1_235, { dryRun: true, ownJournal: null });
    expect(table).toMatch(/^Dry run: nothing was written\.\n/);
    expect(table).toContain('would have their meta_data of before the run');
    expect(table).toMatch(/\nWithout --dry-run 1,235 rows would be restored\.\n$/);
  });

  it('tells the rows that an undo that was stopped has not come to', () => {
    expect(render(1_000)).toContain('not reached           235  the undo ended before it came to');
    expect(render(1_235)).not.toContain('not reached');
  });

  it('lets no control character of a path or an image through', () => {
    expect(render(1, { journal: 'a\u001b[2Jb' })).not.toContain('\u001b');
    expect(render(1, { ownJournal: 'a\u001b[2Jb' })).not.toContain('\u001b');
  });
});
