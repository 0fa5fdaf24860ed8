import { expect, test } from 'vitest';
import { countRows } from '../../../bench/table.ts';
import { checkReport } from '../../../bench/tool.ts';

const rows = { examined: 1000, current: 10, assigned: 980, unmatched: 10, ambiguous: 0 };
const check = (differences: object) => () => {
  checkReport(JSON.stringify({ rows: { ...rows, ...differences } }), countRows(1000));
};

test('a report with exact counts passes', () => {
  expect(check({})).not.toThrow();
});

test('a report with other counts fails the run', () => {
  expect(check({ assigned: 979 })).toThrow('assigned: 979 rows instead of 980');
  expect(check({ ambiguous: 1 })).toThrow('ambiguous: 1 rows instead of 0');
  expect(check({ examined: undefined })).toThrow('the report lacks rows');
});
