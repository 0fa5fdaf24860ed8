import { expect, it } from 'vitest';
import { findShellError, isRun } from '../../support/doc-commands.ts';
import { readOperatorPages } from '../../support/doc-pages.ts';

const blocks = readOperatorPages().flatMap(({ path, blocks }) =>
  blocks.map((block) => ({ ...block, where: `${path}:${block.line}` })),
);
const isShell = ({ language }: { language: string }) => ['sh', 'console'].includes(language);
const notRun = blocks.filter((block) => isShell(block) && !isRun(block));

/** What stands after the fence, beside languages that hold no commands. */
const infos = [
  ...['sh', 'sh not-run', 'console'],
  ...['sql', 'sql mariadb', 'sql postgresql', 'sql mariadb sent', 'sql postgresql sent'],
  ...['text', 'json', 'ini', 'yaml'],
];

it.each(blocks)('$where says what it holds', ({ language, marks }) => {
  expect(infos).toContain([language, ...marks].join(' '));
});

it.each(blocks.filter((block) => !isShell(block)))(
  '$where hides no command from those that are run',
  ({ text }) => {
    expect(text).not.toMatch(/^(\$ |glance-store-backfill )/m);
  },
);

it.each(notRun)('$where is valid shell, though it is not run', ({ text }) => {
  expect(findShellError(text)).toBe('');
});

it('most command blocks are run', () => {
  expect(notRun.length).toBeLessThan(blocks.filter(isRun).length);
});
