import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkJournalRoom, findLack } from '../../../src/journal/journal-room.ts';
import { makeDirectory } from './samples.ts';

describe('the room of a journal', () => {
  it('is found in a directory that is there, for a file and for a directory', async () => {
    const path = makeDirectory();
    await checkJournalRoom({ kind: 'directory', path });
    await checkJournalRoom({ kind: 'file', path: join(path, 'run.ndjson') });
  });

  it('is found where a directory is to be made, and it is not made yet', async () => {
    const path = join(makeDirectory(), 'a');
    await checkJournalRoom({ kind: 'directory', path: join(path, 'b') });
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['file', 'is no directory; name one with --journal'],
    ['file/below', 'cannot be made: not a directory (ENOTDIR); name another place with --journal'],
  ])('is not found where %s is the directory', async (name, why) => {
    const directory = makeDirectory();
    writeFileSync(join(directory, 'file'), '');
    const path = join(directory, name);
    const room = checkJournalRoom({ kind: 'directory', path });
    await expect(room).rejects.toMatchObject({ name: 'JournalError', kind: 'failed' });
    await expect(room).rejects.toThrow(`${path} ${why}`);
  });
});

describe('a file system', () => {
  const mebibyte = 1024 * 1024;

  it('with little room left is refused, with what there is and what to do', () => {
    const lack = findLack('/j', { bsize: mebibyte, blocks: 100, bavail: 15 });
    expect(lack).toMatchObject({ kind: 'failed' });
    expect(lack?.message).toMatch(
      /^journal directory \/j: only 15 MiB are free .* 16; .*--journal$/,
    );
  });

  it.each([
    { bsize: mebibyte, blocks: 100, bavail: 16 },
    // As file systems answer that do not count.
    { bsize: 4096, blocks: 0, bavail: 0 },
  ])('of %j will do', (size) => {
    expect(findLack('/j', size)).toBeUndefined();
  });
});
