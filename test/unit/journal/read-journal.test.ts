import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type JournalEntry, renderEntry } from '../../../src/journal/entries.ts';
import { type JournalEnd, type JournalPart, readParts } from '../../../src/journal/read-journal.ts';
import { surveyJournal } from '../../../src/journal/survey-journal.ts';
import { header, makeDirectory, makePlan, readAll, writeEntries, writeText } from './samples.ts';

const plan = (batch: number): JournalEntry => ({ kind: 'plan', plan: makePlan(batch, [batch]) });
const outcome = (batch: number, written: 'all' | 'none' | number[] = 'all'): JournalEntry => ({
  kind: 'outcome',
  outcome: { batch, written },
});
const finishedAt = '2026-11-22T16:21:00.000Z';
const finished: JournalEntry = { kind: 'finished', at: finishedAt };
const headerLine = renderEntry({ kind: 'header', header });

/** What a journal of these bytes yields and returns. */
async function collect(bytes: Buffer): Promise<{ parts: JournalPart[]; end: JournalEnd }> {
  const reading = readParts(Readable.from([bytes]), 'run.ndjson');
  const parts: JournalPart[] = [];
  for (;;) {
    const { done, value } = await reading.next();
    if (done === true) return { parts, end: value };
    parts.push(value);
  }
}

/** Each batch's number and what became of it, such as `2 all, 1 unknown`. */
function outcomes(parts: readonly JournalPart[]): string {
  const batches = parts.flatMap((part) => (part.kind === 'batch' ? [part] : []));
  return batches.map(({ plan, written }) => `${plan.batch} ${written.toString()}`).join(', ');
}

describe('reading a journal', () => {
  it.each<[string, JournalEntry[], string]>([
    ['nothing written', [finished], ''],
    ['one writer', [plan(1), outcome(1), plan(2), outcome(2, 'none'), finished], '1 all, 2 none'],
    [
      'two writers',
      [plan(1), plan(2), outcome(2), plan(3), outcome(1), outcome(3)],
      '2 all, 1 all, 3 all',
    ],
    ['a batch written in part', [plan(71), outcome(71, [71])], '71 71'],
    ['a run killed in between', [plan(1), plan(2), outcome(2)], '2 all, 1 unknown'],
    ['a run that failed and ended', [plan(1), finished], '1 unknown'],
  ])('pairs each plan with its outcome: %s', async (_what, entries, expected) => {
    const parts = await readAll(writeEntries(entries));
    expect(parts[0]).toEqual({ kind: 'header', header });
    expect(outcomes(parts)).toBe(expected);
  });

  it.each([
    ['a plan', plan(2), '1 all', '1 all, 2 unknown'],
    ['an outcome', outcome(1), '1 unknown', '1 all'],
    ['the end', finished, '1 unknown', '1 unknown'],
  ] as const)('bears the last line torn at any byte: %s', async (what, last, without, whole) => {
    const before = what === 'a plan' ? [plan(1), outcome(1)] : [plan(1)];
    const start = headerLine + before.map(renderEntry).join('');
    const bytes = Buffer.from(start + renderEntry(last));
    for (let length = start.length; length <= bytes.length; length++) {
      const { parts, end } = await collect(bytes.subarray(0, length));
      const isWhole = length >= bytes.length - 1; // the line break alone is no loss
      expect(outcomes(parts)).toBe(isWhole ? whole : without);
      expect(end.torn).toBe(length > start.length && !isWhole);
    }
  });

  it.each([
    ['blocks of zeros, as a crashed file system leaves them', '\0'.repeat(5_000)],
    ['half a character', Buffer.from([0x7b, 0xe2, 0x82])],
    ['half a line that got its line break', '{"batch":1,"wri\n'],
  ])('bears a torn end of %s', async (_what, end) => {
    const path = writeText(Buffer.concat([Buffer.from(headerLine), Buffer.from(end)]));
    expect(await surveyJournal(path)).toMatchObject({ torn: true, rows: 0 });
  });

  it.each<[string, string, number, string]>([
    ['an empty file', '', 1, 'it begins without a header'],
    ['a torn header', headerLine.slice(0, 40), 1, 'it begins without a header'],
    ['text', 'one\ntwo\n', 1, 'it is not JSON'],
    ['other NDJSON', '{"locationId":1}\n', 1, 'it is neither a header, nor a plan, nor an outcome'],
    ['a journal without its header', renderEntry(plan(1)), 1, 'it begins without a header'],
    [
      'a journal of another format',
      headerLine.replace('@1', '@2'),
      1,
      '"schema" is not glance-store-backfill/journal@1',
    ],
    [
      'a journal behind a byte order mark',
      `\ufeff${headerLine}${renderEntry(finished)}`,
      1,
      'it is not JSON',
    ],
    ['two journals in one', headerLine + headerLine, 2, 'it has a second header'],
    [
      'a torn line in the middle',
      `${headerLine}{"batch":1,"wri\n${renderEntry(finished)}`,
      2,
      'it is not JSON',
    ],
    ['an empty line in the middle', `${headerLine}\n${renderEntry(finished)}`, 2, 'it is not JSON'],
    [
      'an outcome without a plan',
      headerLine + renderEntry(outcome(1)),
      2,
      'batch 1 has an outcome and no plan',
    ],
    [
      'two outcomes of a batch',
      headerLine + [plan(1), outcome(1), outcome(1)].map(renderEntry).join(''),
      4,
      'batch 1 has an outcome and no plan',
    ],
    [
      'a batch planned twice',
      headerLine + [plan(1), plan(1)].map(renderEntry).join(''),
      3,
      'batch 1 is planned twice',
    ],
    [
      'a row written that was not planned',
      headerLine + [plan(1), outcome(1, [1, 2])].map(renderEntry).join(''),
      3,
      'batch 1 wrote a row it did not plan',
    ],
    [
      'something after the end',
      headerLine + [finished, plan(1)].map(renderEntry).join(''),
      3,
      'it stands after the end of the run',
    ],
    [
      'a whole line that is no entry, at the end',
      `${headerLine}{"x":1}\n`,
      2,
      'it is neither a header, nor a plan, nor an outcome',
    ],
  ])('refuses %s, naming file and line', async (_what, text, line, reason) => {
    const path = writeText(text);
    await expect(readAll(path)).rejects.toMatchObject({
      name: 'JournalError',
      kind: 'refused',
      message: `${path}:${line}: not a journal of glance-store-backfill, or a damaged one: ${reason}; name another, or a whole copy`,
    });
  });

  it('refuses a line that is not UTF-8 rather than put back another text', async () => {
    const text = renderEntry(plan(1)).replace('{}', 'é');
    const path = writeText(Buffer.from(headerLine + text + renderEntry(outcome(1)), 'latin1'));
    await expect(readAll(path)).rejects.toThrow(`${path}:2: `);
  });

  it.each([
    ['none.ndjson', 'no such file or directory (ENOENT)'],
    ['.', 'illegal operation on a directory (EISDIR)'],
  ])('refuses what cannot be read: %s', async (name, why) => {
    const path = join(makeDirectory(), name);
    await expect(readAll(path)).rejects.toMatchObject({
      kind: 'refused',
      message: `journal ${path} cannot be read: ${why}; name a journal that a run left, as a user who may read it`,
    });
  });
});

describe('a long journal', () => {
  const rowsPerBatch = 1_000;
  const idsOf = (batch: number): number[] =>
    Array.from({ length: rowsPerBatch }, (_, index) => batch * rowsPerBatch + index);

  it('is read as it streams: no more than a batch is ahead of the reader', async () => {
    let produced = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from(headerLine);
      for (let batch = 1; ; batch++) {
        produced = batch;
        const entries = [
          { kind: 'plan', plan: makePlan(batch, idsOf(batch)) } as const,
          outcome(batch),
        ];
        yield await Promise.resolve(Buffer.from(entries.map(renderEntry).join('')));
      }
    }
    let read = 0;
    for await (const part of readParts(endless(), 'endless')) {
      if (part.kind === 'batch') read += 1;
      expect(produced - read).toBeLessThanOrEqual(1);
      if (read === 100) break;
    }
    expect(read).toBe(100);
  });

  it('of 200,000 rows is summed up in a moment', async () => {
    const entries = Array.from({ length: 200 }, (_, index) => index + 1).flatMap((batch) => [
      { kind: 'plan', plan: makePlan(batch, idsOf(batch)) } as const,
      batch === 7 ? outcome(batch, [7_000, 7_001]) : outcome(batch, batch === 8 ? 'none' : 'all'),
    ]);
    const survey = await surveyJournal(writeEntries([...entries, finished]));
    expect(survey).toEqual({ header, finishedAt, torn: false, rows: 198_002 });
  });
});
