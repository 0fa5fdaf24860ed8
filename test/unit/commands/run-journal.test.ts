import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { pruneAfter } from '../../../src/commands/run-journal.ts';

it('a directory of journals that cannot be pruned is told, and fails no run', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'prune-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
  const path = join(directory, 'gone');
  writeFileSync(path, 'a file by now');
  const told: string[] = [];
  await pruneAfter(
    { keepJournals: 1, dryRun: false },
    { kind: 'directory', path },
    { dialect: 'mysql', server: 'MariaDB 10.11.19', name: 'glance', landmarks: [] },
    { info: () => undefined, alert: (text) => told.push(text) },
  );
  expect(told).toEqual([`journal directory ${path} cannot be read: not a directory (ENOTDIR)`]);
});
