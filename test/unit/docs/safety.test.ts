import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../support/cli.ts';

const page = readFileSync(join(projectRoot, 'docs/safety.md'), 'utf8').replaceAll('\n', ' ');

/** What the page cites: a path, and the names of tests that follow it. */
const citations = [...page.matchAll(/`(test\/[^`]+)`((?:[^`]*?"[^"]+")*)/g)].map(
  ([, path = '', rest = '']) => ({
    path,
    names: [...rest.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name),
  }),
);

it('cites tests', () => {
  expect(citations.length).toBeGreaterThan(15);
  expect(citations.flatMap(({ names }) => names).length).toBeGreaterThan(15);
});

it.each(citations)('$path is there and has the tests named', ({ path, names }) => {
  const file = join(projectRoot, path);
  expect(existsSync(file), path).toBe(true);
  const text = statSync(file).isFile() ? readFileSync(file, 'utf8') : '';
  for (const name of names) expect(text).toContain(name);
});
