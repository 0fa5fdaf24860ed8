import { Command } from 'commander';
import { expect, it } from 'vitest';
import {
  addBackfillOptions,
  addExplainOptions,
  addStoresOptions,
  addUndoOptions,
} from '../../../src/cli-options.ts';
import { readPage } from '../../support/doc-pages.ts';
import { readTableRows } from '../../support/markdown.ts';

const { text } = readPage('docs/options.md');

const declared = [addStoresOptions, addBackfillOptions, addExplainOptions, addUndoOptions]
  .flatMap((add) => add(new Command()).options)
  .map(({ long }) => long);

/** What the tables tell of: the option's long name, and when one needs it. */
const told = readTableRows(text).flatMap(([option = '', when = '']) =>
  [...option.matchAll(/--[a-z-]+/g)].map(([name]) => ({ name, when })),
);

it('docs/options.md says of each option when it is needed', () => {
  expect([...new Set(told.map(({ name }) => name))].sort()).toEqual([...new Set(declared)].sort());
});

it.each(told)('of $name, in a sentence', ({ when }) => {
  expect(when).toMatch(/\w+ \w+/);
});
