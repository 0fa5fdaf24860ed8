import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  defaultJournalDirectory,
  findJournalPlace,
  isJournalName,
  journalName,
  placeJournal,
} from '../../../src/journal/journal-place.ts';
import { header, makeDirectory } from './samples.ts';

describe('the default directory', () => {
  it.each([
    [{ XDG_STATE_HOME: '/var/lib/state' }, '/var/lib/state/glance-store-backfill'],
    [{}, '/home/op/.local/state/glance-store-backfill'],
    [{ XDG_STATE_HOME: '' }, '/home/op/.local/state/glance-store-backfill'],
    [{ XDG_STATE_HOME: 'state' }, '/home/op/.local/state/glance-store-backfill'],
  ])('with %j is %s', (environment, directory) => {
    expect(defaultJournalDirectory(environment, '/home/op')).toBe(directory);
  });
});

describe('the name of a journal', () => {
  it('tells when its run began, and which process it was', () => {
    expect(journalName('2026-11-22T16:20:00.123Z', 4711)).toBe('2026-11-22T16-20-00Z-4711.ndjson');
  });

  it.each([
    ['2026-11-22T16-20-00Z-4711.ndjson', true],
    ['2026-11-22T16-20-00Z-.ndjson', false],
    ['2026-11-22T16-20-00Z-4711.ndjson.gz', false],
    ['before-upgrade.ndjson', false],
  ])('%s counts as one of ours: %s', (name, ours) => {
    expect(isJournalName(name)).toBe(ours);
  });
});

describe('where --journal points to', () => {
  it('is a directory where one is there', async () => {
    const path = makeDirectory();
    expect(await findJournalPlace(path)).toEqual({ kind: 'directory', path });
  });

  it('is a directory to be made where the path ends in a slash', async () => {
    const path = join(makeDirectory(), 'a/b/');
    expect(await findJournalPlace(path)).toEqual({ kind: 'directory', path });
  });

  it('is a file where nothing is there', async () => {
    const path = join(makeDirectory(), 'run.ndjson');
    expect(await findJournalPlace(path)).toEqual({ kind: 'file', path });
  });

  it.each([
    ['run.ndjson', 'exists already; name a file that does not, or a directory'],
    [
      'none/run.ndjson',
      'cannot be made: its directory is not there; make it, or name another place with --journal',
    ],
    [
      'run.ndjson/x',
      'cannot be made: not a directory (ENOTDIR); name another place with --journal',
    ],
  ])('is refused, before anything is done, for %s', async (name, why) => {
    const directory = makeDirectory();
    writeFileSync(join(directory, 'run.ndjson'), '');
    const path = join(directory, name);
    await expect(findJournalPlace(path)).rejects.toMatchObject({
      name: 'JournalError',
      kind: 'refused',
      message: `journal ${path} ${why}`,
    });
  });
});

describe('placing a journal', () => {
  it('makes a missing directory, parents too, closed to other users', async () => {
    const root = makeDirectory();
    const directory = join(root, 'state/glance-store-backfill');
    const path = await placeJournal({ kind: 'directory', path: directory }, header.startedAt);
    expect(path).toBe(join(directory, `2026-11-22T16-20-00Z-${process.pid}.ndjson`));
    const modes = [join(root, 'state'), directory].map((made) => statSync(made).mode & 0o777);
    expect(modes).toEqual([0o700, 0o700]);
  });

  it('leaves the mode of a directory that is there', async () => {
    const directory = join(makeDirectory(), 'shared');
    mkdirSync(directory, { mode: 0o755 });
    await placeJournal({ kind: 'directory', path: directory }, header.startedAt);
    expect(statSync(directory).mode & 0o777).toBe(0o755);
  });

  it.each(['/proc/none/', '/proc/none/state/'])(
    'ends where none can be made, as in %s',
    async (path) => {
      const placed = placeJournal({ kind: 'directory', path }, header.startedAt);
      await expect(placed).rejects.toMatchObject({
        kind: 'failed',
        message: expect.stringMatching(
          /^journal directory .* cannot be made: .*\(ENOENT\); name another place with --journal$/,
        ) as string,
      });
    },
  );

  it('names the directory that cannot be made, and the way out', async () => {
    const file = join(makeDirectory(), 'file');
    writeFileSync(file, '');
    const path = join(file, 'state');
    const placed = placeJournal({ kind: 'directory', path }, header.startedAt);
    await expect(placed).rejects.toMatchObject({
      kind: 'failed',
      message: `journal directory ${path} cannot be made: not a directory (ENOTDIR); name another place with --journal`,
    });
  });
});
