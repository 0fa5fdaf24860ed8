import { describe, expect, it } from 'vitest';
import { patternOf, readCommands, withoutTimes } from '../../support/doc-commands.ts';
import { readAnchors, readCodeBlocks, readLinks } from '../../support/markdown.ts';

const commandsIn = (page: string) => readCodeBlocks(page).flatMap(readCommands);

describe('the commands of a page', () => {
  it('in a script go over as many lines as bash needs', () => {
    const page = '\n```sh\none\ntwo | while read -r x; do\n  three\ndone\nfour \\\n  five\n```\n';
    const commands = commandsIn(page).map(({ line, command }) => [line, command]);
    expect(commands).toEqual([
      [2, 'one'],
      [2, 'two | while read -r x; do\n  three\ndone'],
      [2, 'four \\\n  five'],
    ]);
  });

  it('on a console are followed by what they print', () => {
    const [first, second] = commandsIn('```console\n$ one # exit code 4\na\n$ two\n```\n');
    expect(first).toMatchObject({ command: 'one # exit code 4', exitCode: 4, sample: 'a\n' });
    expect(second).toMatchObject({ command: 'two', exitCode: 0, sample: '' });
  });
});

describe('a sample', () => {
  const output = 'a\nb 12\nc\n';
  it.each(['a\nb 12\nc\n', '…\nc\n', 'a\n…\n', 'a\nb …\nc\n', 'a\n…\nb 12\nc\n'])(
    'agrees: %j',
    (sample) => {
      expect(output).toMatch(patternOf(sample));
    },
  );
  it.each(['a\nb 12\n', 'b 12\nc\n', 'a\nb 13\nc\n', '…\nb\nc\n', 'a\nb …\nd\n', ''])(
    'does not agree: %j',
    (sample) => {
      expect(output).not.toMatch(patternOf(sample));
    },
  );

  it('leaves out how long a run took, wherever its line breaks', () => {
    const one = withoutTimes('3,265 rows\nin 0.1 s (33,316 rows/s)\n');
    expect(one).toBe(withoutTimes('3,265 rows in 12.3 s\n(316 rows/s)\n'));
    expect(one).toContain('3,265 rows');
  });
});

it('links and headings in code are none', () => {
  const page = '# A `b`: c-d!\n[x](y.md#z) `[no](no.md)`\n```text\n# no\n[no](no.md)\n```\n';
  expect(readLinks(page)).toEqual(['y.md#z']);
  expect(readAnchors(page)).toEqual(['a-b-c-d']);
});
