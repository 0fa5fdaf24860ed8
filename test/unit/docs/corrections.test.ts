import { expect, it } from 'vitest';
import { corrections } from '../../../src/stores/correction.ts';
import { readPage } from '../../support/doc-pages.ts';
import { readTableRows } from '../../support/markdown.ts';

const told = readTableRows(readPage('docs/how-it-decides.md').text).map(([name = '', words]) => [
  name.replaceAll('`', ''),
  words,
]);

it('docs/how-it-decides.md names every deviation from Glance, in the words of the report', () => {
  expect(told.filter(([name = '']) => name in corrections)).toEqual(Object.entries(corrections));
});
