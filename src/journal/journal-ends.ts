import { open } from 'node:fs/promises';
import { type JournalHeader, parseEntry } from './entries.ts';
import { explainRefusal } from './errors.ts';
import { readJournal } from './read-journal.ts';

/** What the first and the last line of a journal tell. */
export interface JournalHeadAndEnd {
  /** undefined when the file begins with something else */
  readonly header: JournalHeader | undefined;
  /** whether the run came to its end; a run that was killed, or still goes on, has not */
  readonly isFinished: boolean;
}

/**
 * Reads the first line of a journal and its last one: what lies between may be gigabytes, and damaged.
 *
 * @throws JournalError `refused` when the file cannot be read or its first line is no journal's
 */
export async function readHeadAndEnd(path: string): Promise<JournalHeadAndEnd> {
  const header = await readHeader(path);
  const [, last] = /\n([^\n]+)\n?$/.exec(await readTail(path)) ?? [];
  return { header, isFinished: last !== undefined && parseEntry(last).kind === 'finished' };
}

async function readHeader(path: string): Promise<JournalHeader | undefined> {
  for await (const part of readJournal(path)) {
    return part.kind === 'header' ? part.header : undefined;
  }
  return undefined;
}

/** bytes: the line that tells of a run's end takes less than 50 */
const tailSize = 256;

/** The end of a file; it may begin in the middle of a character. */
function readTail(path: string): Promise<string> {
  const what = `journal ${path} cannot be read`;
  return explainRefusal({ kind: 'refused', what }, async () => {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - tailSize);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(tailSize), 0, tailSize, start);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  });
}
