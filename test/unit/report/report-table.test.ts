import { describe, expect, it } from 'vitest';
import { renderReportTable } from '../../../src/report/report-table.ts';
import { makeReport, plain } from '../../support/reports.ts';

describe('the report for people', () => {
  it('says what would be written, what is left over and why', () => {
    expect(renderReportTable(makeReport(), plain)).toMatchInlineSnapshot(`
      "Dry run: nothing was written.
      MariaDB 10.11.19, database glance; matching corrected; 3,421 rows in 1.9 s
      (1,800 rows/s)

      Store    current   assigned   replaced
      fast       1,120      2,041         60

      Rows                3,421
      current             1,120  name an enabled store already
      assigned            2,041  have no store and would get one
      replaced               60  name a wrong store; it would be replaced
      unmatched             200  fit no store; left as they are

      Cost     before      after
                2,301        200  their store is computed anew on each GET
                2,241        200  missing in the image list's stores
                2,241        200  the scrubber searches all stores

      Unmatched
            200  rbd://<fsid>/old/<id>/snap
                 pool "old" is not configured; nearest: store ceph
                 If they do lie in ceph:
                 --map rbd://11111111-2222-3333-4444-555555555555/old=ceph
                 e.g. location 17 of image i-17

      Without --dry-run 2,101 rows would be written.
      "
    `);
  });

  it('of a run says what was written', () => {
    const text = renderReportTable(makeReport({ dryRun: false, stoppedBy: 'signal' }), plain);
    expect(text).toContain('2,101 rows written.');
    expect(text).toContain(
      'Stopped by a signal; not all rows further on were looked at: run it again to',
    );
    expect(text).not.toContain('would');
  });

  it('of a run that was stopped says how far it came', () => {
    const stoppedAt = { locationId: 1_204, lastLocationId: 3_421 };
    const text = renderReportTable(makeReport({ stoppedBy: 'max-count', stoppedAt }), plain);
    expect(text.replaceAll('\n', ' ')).toContain(
      'Stopped by --max-count at location id 1,204 of 3,421; not all rows further on were looked at: run it again to go on.',
    );
  });

  it('of a run that was stopped does not take what it has not looked at for mended', () => {
    const text = renderReportTable(makeReport({ stoppedBy: 'max-count' }), plain);
    expect(text).toContain('Cost     before      after  of the rows looked at\n');
    expect(renderReportTable(makeReport(), plain)).toContain('Cost     before      after\n');
  });

  it('leaves an option to copy whole, whatever its length', () => {
    const remedy = `--map 'file:///srv/${'my glance images/'.repeat(9)}=fast'`;
    const [group] = makeReport().unmatched;
    if (group === undefined) throw new Error('the sample has unmatched rows');
    const text = renderReportTable(makeReport({ unmatched: [{ ...group, remedy }] }), plain, 60);
    expect(text.split('\n').map((line) => line.trim())).toContain(remedy);
  });

  it('keeps a number and its unit together', () => {
    for (let width = 40; width <= 80; width++) {
      const text = renderReportTable(makeReport(), plain, width);
      expect(text).toContain('3,421 rows in 1.9 s');
      expect(text).toContain('(1,800 rows/s)');
    }
  });

  it('shows every outcome that occurred', () => {
    const { rows } = makeReport();
    const all = Object.fromEntries(Object.keys(rows).map((kind) => [kind, 1])) as typeof rows;
    const text = renderReportTable(makeReport({ rows: all }), plain);
    for (const kind of Object.keys(rows).filter((name) => name !== 'examined'))
      expect(text).toMatch(new RegExp(`^${kind} +1  `, 'm'));
  });

  it('names the store that rows had and the one they get', () => {
    const example = { locationId: 4, imageId: 'i-4' };
    const replacements = [{ previousStore: '"x"', store: 'fast', count: 60, example }];
    expect(renderReportTable(makeReport({ replacements }), plain)).toContain(
      `Replaced
       60  named "x", would get fast
           e.g. location 4 of image i-4
`,
    );
    expect(renderReportTable(makeReport({ replacements, dryRun: false }), plain)).toContain(
      'named "x", got fast',
    );
  });

  it('names both stores of contradicting rows, and what to do about them', () => {
    const example = { locationId: 9, imageId: 'i-9' };
    const contradicting = [
      { store: 'fast', matchingStore: 'ceph', count: 12, example },
      { store: '(others)', matchingStore: '(others)', count: 3, example: null },
    ];
    expect(renderReportTable(makeReport({ contradicting }), plain)).toContain(
      `Contradicting; --include contradicting replaces the store
       12  name fast, yet the URL lies in ceph
           e.g. location 9 of image i-9
        3  (others)
`,
    );
  });

  it('keeps to 80 columns with long store ids, long reasons and large numbers', () => {
    const store = makeReport().stores[0];
    if (store === undefined) throw new Error('the sample has a store');
    const reason = 'the fsid of the cluster is not in its configuration '.repeat(5);
    const stores = [
      { ...store, id: 's'.repeat(60), error: reason, current: 123_456_789 },
      { ...store, id: 'short' },
    ];
    const unmatched = [
      { shape: 'x://y', reason, nearestStore: null, remedy: null, count: 1, example: null },
    ];
    const text = renderReportTable(makeReport({ stores, unmatched }), plain);
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([40, 60])('keeps to %s columns, but for what must stay whole to be copied', (width) => {
    const reason = 'the fsid of the cluster is not in its configuration '.repeat(5);
    const stores = makeReport().stores.map((store) => ({ ...store, error: reason }));
    const text = renderReportTable(makeReport({ stores, stoppedBy: 'throttle' }), plain, width);
    const long = text.split('\n').filter((line) => line.length > width);
    expect(long.filter((line) => /\S\s+\S/.test(line) && !line.includes('--map'))).toEqual([]);
  });

  it('shows control characters from the database instead of sending them to the terminal', () => {
    const hostile = {
      shape: 'x://\u001b[2J\u009b\u202e',
      reason: 'r\n',
      nearestStore: null,
      remedy: null,
    };
    const unmatched = [{ ...hostile, count: 1, example: { locationId: 1, imageId: '\u0007' } }];
    const text = renderReportTable(makeReport({ unmatched }), plain);
    expect(text).toContain('x://\\u001b[2J\\u009b\\u202e');
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });
});
