import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderEntry } from '../../../src/journal/entries.ts';
import { pruneJournals } from '../../../src/journal/prune-journals.ts';
import { header, makeDirectory } from './samples.ts';

const headerLine = renderEntry({ kind: 'header', header });
const end = renderEntry({ kind: 'finished', at: '2026-11-22T16:21:00.000Z' });
const prune = (directory: string, keep: number) => pruneJournals(directory, header.database, keep);
const day = (date: number): string => `2026-11-${date}T16-20-00Z-4711.ndjson`;

/** A directory with journals of these days. */
function makeJournals(...dates: number[]): string {
  const directory = makeDirectory();
  for (const date of dates) writeFileSync(join(directory, day(date)), headerLine + end);
  return directory;
}

describe('pruning journals', () => {
  it('deletes the oldest and keeps as many as it is told', async () => {
    const directory = makeJournals(22, 20, 23, 21);
    expect(await prune(directory, 2)).toEqual([join(directory, day(20)), join(directory, day(21))]);
    expect(readdirSync(directory).sort()).toEqual([day(22), day(23)]);
  });

  it.each([3, 100])('deletes nothing of 3 when %i may stay', async (keep) => {
    const directory = makeJournals(20, 21, 22);
    expect(await prune(directory, keep)).toEqual([]);
    expect(readdirSync(directory)).toHaveLength(3);
  });

  it('neither deletes nor counts what is not ours', async () => {
    const directory = makeJournals(20, 21);
    const keep = ['before-upgrade.ndjson', day(10), day(11), day(12), day(13)];
    writeFileSync(join(directory, 'before-upgrade.ndjson'), headerLine + end);
    writeFileSync(join(directory, day(10)), 'something else\n');
    writeFileSync(join(directory, day(11)), '');
    mkdirSync(join(directory, day(12)));
    symlinkSync(day(20), join(directory, day(13)));
    await prune(directory, 1);
    expect(readdirSync(directory).sort()).toEqual([...keep, day(21)].sort());
  });

  it('lets the journals of killed runs, and of those still at work, be', async () => {
    const directory = makeJournals(21);
    writeFileSync(join(directory, day(20)), `${headerLine}{"batch":1,"upd`);
    writeFileSync(join(directory, day(19)), headerLine);
    await prune(directory, 1);
    expect(readdirSync(directory)).toEqual([day(19), day(20), day(21)]);
  });

  it('reads nothing between the first line and the last', async () => {
    const directory = makeJournals(21);
    const long = join(directory, day(20));
    // Whoever reads this line refuses the journal.
    writeFileSync(long, `${headerLine}no journal has such a line\n${end}`);
    expect(await prune(directory, 1)).toEqual([long]);
  });

  it.each([
    ['is cut off within the last line', end.slice(0, -5)],
    ['ends with a plan that holds an end', `{"batch":1,"changes":["${end.trimEnd()}"]}\n`],
    ['goes on after its end', `${end}{"batch":1`],
  ])('lets a journal be that %s', async (_how, last) => {
    const directory = makeJournals(21);
    writeFileSync(join(directory, day(20)), headerLine + last);
    expect(await prune(directory, 1)).toEqual([]);
  });

  it.each([
    { ...header.database, name: 'other' },
    { ...header.database, dialect: 'postgresql' as const },
    { ...header.database, landmarks: [{ id: 7, imageId: 'another' }] },
    // Whether it is another one cannot be told.
    { ...header.database, landmarks: [{ id: 8, imageId: 'another' }] },
  ])('neither deletes nor counts journals of another database, %j', async (database) => {
    const directory = makeJournals(20, 21);
    const other = renderEntry({ kind: 'header', header: { ...header, database } });
    for (const date of [18, 19, 22]) writeFileSync(join(directory, day(date)), other + end);
    await prune(directory, 1);
    expect(readdirSync(directory)).toEqual([day(18), day(19), day(21), day(22)]);
  });

  it('has nothing to do where no journal was ever written', async () => {
    expect(await prune(join(makeDirectory(), 'none'), 1)).toEqual([]);
  });

  it('names a directory that cannot be read', async () => {
    const path = join(makeJournals(20), day(20));
    await expect(prune(path, 1)).rejects.toMatchObject({
      kind: 'failed',
      message: `journal directory ${path} cannot be read: not a directory (ENOTDIR)`,
    });
  });
});
