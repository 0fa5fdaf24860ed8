import { expect, it } from 'vitest';
import { exitCode } from '../../../src/exit-code.ts';
import { Tally } from '../../../src/report/tally.ts';
import { corrections } from '../../../src/stores/correction.ts';
import { readPage } from '../../support/doc-pages.ts';
import { readTableRows } from '../../support/markdown.ts';

/** The rows of a page's tables, the first cell without its backquotes. */
const readRows = (path: string) =>
  readTableRows(readPage(path).text).map(([name = '', ...cells]) => [
    name.replaceAll('`', ''),
    ...cells,
  ]);
const readNames = (path: string) => readRows(path).map(([name = '']) => name);

it('docs/how-it-decides.md names every deviation from Glance, in the words of the report', () => {
  const told = readRows('docs/how-it-decides.md').filter(([name = '']) => name in corrections);
  expect(told).toEqual(Object.entries(corrections));
});

it('README names every exit code', () => {
  const told = readNames('README.md').filter((name) => /^\d/.test(name));
  expect(told.flatMap((name) => name.split(', ')).map(Number)).toEqual(Object.values(exitCode));
});

const { examined, contradicting, ...outcomes } = new Tally([]).rows;

it.each([
  ['README.md', outcomes],
  ['docs/reading-the-report.md', { ...outcomes, contradicting }],
])('%s names every outcome', (path, counts) => {
  const told = readNames(path).filter((name) => name in { ...outcomes, contradicting, examined });
  expect(told.sort()).toEqual(Object.keys(counts).sort());
});
