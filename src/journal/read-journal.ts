import { open } from 'node:fs/promises';
import { type JournalHeader, parseEntry } from './entries.ts';
import { explainRefusal, JournalError } from './errors.ts';
import { createPairing, type JournalBatch, type Paired, type Pairing } from './pairing.ts';
import { splitLines } from './split-lines.ts';

/** What is known of a journal once it is read to its end. */
export interface JournalEnd {
  readonly header: JournalHeader;
  /** when the run ended (UTC, ISO 8601); null when it was killed, or still goes on */
  readonly finishedAt: string | null;
  /**
   * Whether the last line was cut off while it was written, and is left out. Nothing is lost by that:
   * a batch whose plan is torn has not begun, one whose outcome is torn is `unknown`.
   */
  readonly torn: boolean;
}

/** What a journal consists of: one header, then its batches. */
export type JournalPart =
  { readonly kind: 'header'; readonly header: JournalHeader } | JournalBatch;

/**
 * Streams a journal of any size: its header, then its batches in the order they were settled, last those that never
 * were. Memory holds a batch for each writer the run had.
 *
 * @throws JournalError `refused` when the file cannot be read, or a line of it (named) is no journal's
 */
export function readJournal(path: string): AsyncGenerator<JournalPart, JournalEnd> {
  return readParts(readChunks(path), path);
}

/** As `readJournal`, from the file's bytes; `path` is for messages. */
export async function* readParts(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<JournalPart, JournalEnd> {
  const pairing = createPairing();
  let header: JournalHeader | undefined;
  let line = 0;
  let torn = false;
  for await (const bytes of splitLines(chunks)) {
    // Only the last line may be torn, and here is one after it.
    if (torn) throw notOurs({ path, line }, 'it is not JSON');
    line += 1;
    const paired = pairLine(bytes, pairing);
    torn = paired.kind === 'not-json';
    if (paired.kind === 'malformed') throw notOurs({ path, line }, paired.reason);
    if (paired.kind === 'header') header = paired.header;
    if (paired.kind === 'header' || paired.kind === 'batch') yield paired;
  }
  if (header === undefined) throw notOurs({ path, line: 1 }, 'it begins without a header');
  yield* pairing.unsettled();
  return { header, finishedAt: pairing.finishedAt(), torn };
}

function pairLine(bytes: Uint8Array, pairing: Pairing): Paired | { readonly kind: 'not-json' } {
  const text = decode(bytes);
  if (text === undefined) return { kind: 'not-json' };
  const parsed = parseEntry(text);
  if (parsed.kind === 'not-json' || parsed.kind === 'malformed') return parsed;
  return pairing.accept(parsed);
}

/** @returns undefined for what is not UTF-8: with U+FFFD in its place, undo would put back another text */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const chunkSize = 64 * 1024;

async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  const remedy = 'name a journal that a run left, as a user who may read it';
  const refusal = { kind: 'refused', what: `journal ${path} cannot be read`, remedy } as const;
  const file = await explainRefusal(refusal, () => open(path));
  try {
    for (;;) {
      const chunk = Buffer.alloc(chunkSize);
      const { bytesRead } = await explainRefusal(refusal, () => file.read(chunk));
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function notOurs(
  { path, line }: { readonly path: string; readonly line: number },
  reason: string,
): JournalError {
  return new JournalError(
    'refused',
    `${path}:${line}: not a journal of glance-store-backfill, or a damaged one: ${reason}; name another, or a whole copy`,
  );
}
