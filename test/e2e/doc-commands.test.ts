import { beforeAll, describe, expect, it } from 'vitest';
import { patternOf, withoutTimes } from '../support/doc-commands.ts';
import { readPagesFor } from '../support/doc-pages.ts';
import { type CommandRun, runCommands } from '../support/doc-run.ts';

const pages = readPagesFor('cloud');

describe.each(pages)('$path', ({ commands }) => {
  let runs: readonly CommandRun[];
  beforeAll(async () => {
    runs = await runCommands(commands);
  });

  const numbered = commands.map((command, index) => ({ ...command, index }));
  it.each(numbered)('line $line: $command', ({ index, exitCode, sample }) => {
    const { code, output } = runs[index] ?? { code: undefined, output: '' };
    expect(code, output).toBe(exitCode);
    if (sample === undefined) return;
    const printed = withoutTimes(output);
    // Where they differ, a comparison as text shows where.
    if (!patternOf(sample).test(printed)) expect(printed).toBe(withoutTimes(sample));
  });
});

it('most pages have commands to run, and some show what these print', () => {
  const all = pages.flatMap(({ commands }) => commands);
  expect(pages.length).toBeGreaterThan(5);
  expect(all.filter(({ sample }) => sample !== undefined).length).toBeGreaterThan(5);
});
