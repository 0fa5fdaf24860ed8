import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readNotice, renderNotices } from '../../../bundle/notices.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gsb-notices-'));
  write('package.json', '{"name": "some", "version": "1.2.3", "license": "MIT"}');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const write = (name: string, text: string) => {
  writeFileSync(path.join(folder, name), text);
};
const permission = 'Permission is hereby granted, free of charge, to …';

describe('the terms of a package', () => {
  test.each(['LICENSE', 'License', 'license.md', 'LICENCE.txt', 'LICENSE-MIT.txt', 'COPYING'])(
    'are its file %s',
    (name) => {
      write(name, '\n    Title\nTerms\n\n');
      expect(readNotice(folder)).toEqual({ title: 'some 1.2.3', text: '    Title\nTerms' });
    },
  );

  test('stand in its README where it has no such file', () => {
    write(
      'README.md',
      `# some\n\nUse it.\n\n## License\n\nCopyright (c) Somebody\n${permission}\n`,
    );
    expect(readNotice(folder).text).toBe(`Copyright (c) Somebody\n${permission}`);
  });

  test.each([
    ['nothing says them', 'package.txt', 'MIT'],
    ['the README only names them', 'README.md', '## License\n\nMIT © Somebody\n'],
  ])('are missing where %s, and that is an error', (_where, name, text) => {
    write(name, text);
    expect(() => readNotice(folder)).toThrow(`${folder}: no licence text`);
  });
});

test('all of them make one text, the program first', () => {
  const text = renderNotices({ title: 'own 1', text: 'Mine' }, [{ title: 'b 2', text: 'Yours' }]);
  expect(text.replaceAll(/=+\n/g, '')).toMatch(/own 1\n\nMine\n\nb 2\n\nYours\n$/);
});
