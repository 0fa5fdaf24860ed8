import { lstatSync, symlinkSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { checkOutputFiles, writeReportFile } from '../../../src/commands/report-file.ts';
import { makeReport } from '../../support/reports.ts';
import { makeWorkplace } from '../../support/workplace.ts';

const workplace = makeWorkplace();
afterAll(() => {
  workplace.remove();
});

const check = (reportFile: string): void => {
  checkOutputFiles({ reportFile, rowsFile: undefined });
};

describe.each([
  ['json', '{\n  "schema"'],
  ['html', '<!doctype html>'],
])('a report file x.%s', (ending, start) => {
  it('is written, and written over by the next run', () => {
    const path = workplace.path(`plain.${ending}`);
    for (const version of ['1.0.0', '2.0.0']) {
      check(path);
      writeReportFile(path, makeReport({ version }));
    }
    const text = workplace.read(`plain.${ending}`);
    expect(text.startsWith(start)).toBe(true);
    expect(text).toContain('2.0.0');
  });

  it('is refused where another file is in its place', () => {
    const path = workplace.write(`mine.${ending}`, '<!doctype html>\n<p>my thesis');
    expect(() => {
      check(path);
    }).toThrow('no earlier run wrote');
  });

  it('may be a symbolic link, which stays: what it points to is written', () => {
    workplace.write('shared/README', '');
    const link = workplace.path(`link.${ending}`);
    symlinkSync(`shared/target.${ending}`, link);
    check(link);
    writeReportFile(link, makeReport());
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(workplace.read(`shared/target.${ending}`).startsWith(start)).toBe(true);
  });
});

it('a report file whose links go in a circle is refused', () => {
  const path = workplace.path('circle.html');
  symlinkSync('circle.html', path);
  expect(() => {
    check(path);
  }).toThrow('circle');
});
