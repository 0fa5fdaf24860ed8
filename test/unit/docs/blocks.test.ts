import { expect, it } from 'vitest';
import { stageOf } from '../../support/doc-commands.ts';
import { readOperatorPages } from '../../support/doc-pages.ts';

const blocks = readOperatorPages().flatMap(({ path, blocks }) =>
  blocks.map((block) => ({ ...block, where: `${path}:${block.line}` })),
);

/** What stands after the fence, beside languages that hold no commands. */
const infos = [
  ...['sh', 'sh on-servers', 'sh on-checkout', 'console'],
  ...['sql', 'sql mariadb', 'sql postgresql', 'sql mariadb sent', 'sql postgresql sent'],
  ...['text', 'json', 'ini', 'yaml'],
];

it.each(blocks)('$where says what it holds', ({ language, marks }) => {
  expect(infos).toContain([language, ...marks].join(' '));
});

it.each(blocks.filter((block) => stageOf(block) === undefined))(
  '$where hides no command from those that are run',
  ({ text }) => {
    expect(text).not.toMatch(/^(\$ |glance-store-backfill )/m);
  },
);
