import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startProgress } from '../../../src/report/progress.ts';

const width = 80;

/** A terminal of 80 columns that wraps lines, or cuts them, as it is told to. */
function openScreen() {
  const lines = [''];
  let column = 0;
  let wraps = true;

  const control: Readonly<Record<string, (parameter: string) => void>> = {
    G: () => (column = 0),
    K: () => {
      setLine((line) => line.slice(0, column));
    },
    h: (parameter) => (wraps ||= parameter === '?7'),
    l: (parameter) => (wraps &&= parameter !== '?7'),
  };
  const setLine = (change: (line: string) => string): void => {
    lines.push(change(lines.pop() ?? ''));
  };
  const put = (character: string): void => {
    if (column === width && wraps) beginLine();
    if (column === width) column -= 1;
    setLine((line) => line.slice(0, column) + character + line.slice(column + 1));
    column += 1;
  };
  const beginLine = (): void => {
    lines.push('');
    column = 0;
  };
  const write = (text: string): void => {
    for (const [piece, parameter, letter] of text.matchAll(
      // eslint-disable-next-line no-control-regex -- what drives a terminal begins with one
      /\u001b(?:\[([?\d]*)([A-Za-z])|[78])|[^]/gu,
    )) {
      if (letter !== undefined) control[letter]?.(parameter ?? '');
      else if (piece === '\r') column = 0;
      else if (piece === '\n') beginLine();
      else if (piece.length === 1) put(piece);
    }
  };
  const stream = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      write(text);
      done();
    },
  });
  return { lines, stream: Object.assign(stream, { isTTY: true, columns: width }) };
}

describe('a bar longer than a line', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('leaves whole the message that comes between, and nothing of itself', () => {
    const { lines, stream } = openScreen();
    const message = `the database is away, ${'which takes some words to tell, '.repeat(4)}now`;
    const progress = startProgress({
      stream: stream as unknown as NodeJS.WriteStream,
      lastId: 3_000_000,
      style: 'bar',
      rewrites: 'to write',
    });
    const goOn = (from: number): void => {
      for (let id = from; id < from + 5_000; id += 1_000) {
        progress.update(id, id, id);
        vi.advanceTimersByTime(1_000);
      }
    };
    goOn(1_000_000);
    progress.troubled(message);
    stream.write(`${message}\n`);
    goOn(1_005_000);
    expect(lines.slice(0, -1).join('')).toBe(message);
    expect(lines.at(-1)).toMatch(/^[█░]+ 33 % {2}trying again; 1,009,000 rows/);
    progress.stop();
    expect(lines.at(-1)).toBe('');
  });
});
