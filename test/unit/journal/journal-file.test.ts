import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createJournal } from '../../../src/journal/journal-file.ts';
import { header, makeDirectory, makePlan, readAll } from './samples.ts';

describe('a journal on disk', () => {
  it('holds header, plans, outcomes and end, one a line', async () => {
    const path = join(makeDirectory(), 'run.ndjson');
    const journal = await createJournal({ kind: 'file', path }, header);
    await journal.plan(makePlan(1, [1, 2]));
    await journal.outcome({ batch: 1, written: 'all' });
    await journal.close();
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines.map((line) => /^\{"(\w+)":/.exec(line)?.[1])).toEqual([
      'schema',
      'batch',
      'batch',
      'finished',
      undefined,
    ]);
    expect(await readAll(path)).toEqual([
      { kind: 'header', header },
      { kind: 'batch', plan: makePlan(1, [1, 2]), written: 'all' },
    ]);
    expect(journal.path()).toBe(path);
  });

  it('has a plan in the file before the batch may begin', async () => {
    const path = join(makeDirectory(), 'run.ndjson');
    const journal = await createJournal({ kind: 'file', path }, header);
    await journal.plan(makePlan(1, [1]));
    expect(readFileSync(path, 'utf8').endsWith('"ids":[1]}]}\n')).toBe(true);
    await journal.close();
  });

  it('can be read by its owner alone, whatever the umask', async () => {
    const before = process.umask(0);
    onTestFinished(() => {
      process.umask(before);
    });
    const path = join(makeDirectory(), 'run.ndjson');
    const journal = await createJournal({ kind: 'file', path }, header);
    await journal.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('takes no plan that undo could not read, and leaves no file for such a header', async () => {
    const path = join(makeDirectory(), 'run.ndjson');
    const bad = createJournal({ kind: 'file', path }, { ...header, startedAt: 'now' });
    await expect(bad).rejects.toThrow('"startedAt"');
    expect(existsSync(path)).toBe(false);
    const journal = await createJournal({ kind: 'file', path }, header);
    await expect(journal.plan(makePlan(1, [1.5]))).rejects.toThrow('"changes"');
    await journal.close();
    expect(await readAll(path)).toHaveLength(1);
  });

  it('gets a name of its own in a directory', async () => {
    const directory = join(makeDirectory(), 'state');
    const journal = await createJournal({ kind: 'directory', path: directory }, header);
    await journal.close();
    expect(readdirSync(directory)).toEqual([`2026-11-22T16-20-00Z-${process.pid}.ndjson`]);
  });

  it('is never written over', async () => {
    const path = join(makeDirectory(), 'run.ndjson');
    writeFileSync(path, 'precious');
    await expect(createJournal({ kind: 'file', path }, header)).rejects.toMatchObject({
      kind: 'refused',
      message: `journal ${path} exists already; name a file that does not, or a directory`,
    });
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it('is not written through a symbolic link', async () => {
    const directory = makeDirectory();
    const path = join(directory, 'run.ndjson');
    symlinkSync(join(directory, 'elsewhere'), path);
    await expect(createJournal({ kind: 'file', path }, header)).rejects.toMatchObject({
      kind: 'refused',
    });
    expect(existsSync(join(directory, 'elsewhere'))).toBe(false);
  });

  it('names the path that cannot be made', async () => {
    const path = join(makeDirectory(), 'none/run.ndjson');
    await expect(createJournal({ kind: 'file', path }, header)).rejects.toMatchObject({
      kind: 'failed',
      message: `journal ${path} cannot be made: no such file or directory (ENOENT)`,
    });
  });

  it('never mixes the lines of batches in flight together', async () => {
    const path = join(makeDirectory(), 'run.ndjson');
    const journal = await createJournal({ kind: 'file', path }, header);
    const batches = Array.from({ length: 200 }, (_, index) => index + 1);
    const idsOf = (batch: number): number[] =>
      Array.from({ length: (batch * 37) % 500 }, (_, index) => batch * 1_000 + index);
    await Promise.all(
      batches.map(async (batch) => {
        await journal.plan(makePlan(batch, idsOf(batch)));
        await journal.outcome({ batch, written: batch % 2 === 0 ? 'all' : 'none' });
      }),
    );
    await journal.close();
    const parts = await readAll(path);
    const expected = batches.map((batch) => ({
      kind: 'batch',
      plan: makePlan(batch, idsOf(batch)),
      written: batch % 2 === 0 ? 'all' : 'none',
    }));
    expect(parts.slice(1)).toEqual(expected);
  });
});
