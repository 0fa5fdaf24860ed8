import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../support/cli.ts';
import { readAllPages, readOperatorPages, readPage } from '../../support/doc-pages.ts';
import { readAnchors, readLinks } from '../../support/markdown.ts';

const links = readAllPages().flatMap(({ path, text }) =>
  readLinks(text)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => ({ path, target })),
);

it.each(links)('$path links to $target, which is there', ({ path, target }) => {
  const [file = '', anchor] = target.split('#');
  const linked = file === '' ? path : join(dirname(path), file);
  expect(existsSync(join(projectRoot, linked)), linked).toBe(true);
  if (anchor !== undefined) expect(readAnchors(readPage(linked).text)).toContain(anchor);
});

const [readme, , ...pages] = readOperatorPages();

it.each(pages)('README links to $path', ({ path }) => {
  expect(readLinks(readme?.text ?? '')).toContain(path);
});
