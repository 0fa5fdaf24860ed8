import { describe, expect, it } from 'vitest';
import { renderReportLine, renderUndoLine } from '../../../src/report/one-line.ts';
import type { UndoReport } from '../../../src/report/undo-report.ts';
import { makeReport } from '../../support/reports.ts';

const { rows } = makeReport();
const nothing = { ...rows, assigned: 0, replaced: 0 };
const stoppedAt = { locationId: 1_700, lastLocationId: 3_421 };

describe('a run in one line', () => {
  it('tells what was written, what is left over and where the journal is', () => {
    const line = renderReportLine(
      makeReport({ dryRun: false, rows: { ...rows, unreadable: 6 }, journal: '/j/run.ndjson' }),
    );
    expect(line).toBe(
      'database glance: 2,101 rows written (2,041 assigned, 60 replaced); ' +
        '200 unmatched, 6 unreadable left over; journal /j/run.ndjson\n',
    );
  });

  it('says of a dry run what would be written', () => {
    const few = { ...nothing, assigned: 1, unmatched: 0 };
    expect(renderReportLine(makeReport({ rows: few }))).toBe(
      'database glance: 1 row would be written (1 assigned)\n',
    );
  });

  it('is nothing where nothing was written, whatever is left over', () => {
    const left = { ...nothing, unmatched: 5, ambiguous: 5, unreadable: 5, contradicting: 5 };
    expect(renderReportLine(makeReport({ rows: left }))).toBe('');
  });

  it('tells of a stop although nothing was written', () => {
    const left = { ...nothing, unmatched: 0 };
    const report = makeReport({ dryRun: false, rows: left, stoppedBy: 'run-time', stoppedAt });
    expect(renderReportLine(report)).toBe(
      'database glance: 0 rows written; stopped by --run-time at location id 1,700 of 3,421\n',
    );
  });

  it('leaves a failure that wrote nothing to the error message', () => {
    expect(renderReportLine(makeReport({ rows: nothing, stoppedBy: 'error' }))).toBe('');
    expect(renderReportLine(makeReport({ stoppedBy: 'error' }))).toContain('stopped by an error;');
  });

  it('stays one line whatever a name holds', () => {
    const database = { dialect: 'sqlite', server: 'SQLite', name: 'a\nb\x1b[2J' };
    const line = renderReportLine(makeReport({ database, journal: '/j/\nrun' }));
    expect(line).toMatch(/^[^\p{Cc}]*\n$/u);
  });
});

describe('an undo in one line', () => {
  const report: UndoReport = {
    schema: 'glance-store-backfill/undo@1',
    journal: '/j/run.ndjson',
    ownJournal: '/j/undo.ndjson',
    dryRun: false,
    rows: { inJournal: 9, restored: 5, leftAlone: 3 },
    leftAlone: [],
    exitCode: 0,
  };
  const render = (differences: Partial<UndoReport>) =>
    renderUndoLine({ ...report, ...differences }, { name: 'glance' });

  it('tells what was put back, what was not, and its journal', () => {
    expect(render({})).toBe(
      'database glance: 5 rows restored; 3 left alone; 1 not reached; journal /j/undo.ndjson\n',
    );
  });

  it('says of a dry run what would be put back', () => {
    const counts = { inJournal: 5, restored: 5, leftAlone: 0 };
    expect(render({ dryRun: true, rows: counts, ownJournal: null })).toBe(
      'database glance: 5 rows would be restored\n',
    );
  });

  it('is nothing where there was nothing to undo', () => {
    expect(render({ rows: { inJournal: 0, restored: 0, leftAlone: 0 } })).toBe('');
  });
});
