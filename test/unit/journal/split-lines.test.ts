import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitLines } from '../../../src/journal/split-lines.ts';

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) {
    yield await Promise.resolve(bytes.subarray(start, start + size));
  }
}

async function linesOf(text: string, size: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of splitLines(cut(Buffer.from(text), size))) {
    lines.push(Buffer.from(line).toString());
  }
  return lines;
}

describe('splitting bytes into lines', () => {
  it.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\nb', ['a', 'b']],
    ['\n\na\n', ['', '', 'a']],
    ['a\r\nb\u2028c\u0085d\n', ['a\r', 'b\u2028c\u0085d']],
  ])('%j', async (text, lines) => {
    expect(await linesOf(text, 3)).toEqual(lines);
  });

  it('does not depend on where the stream is cut, not even within a character', async () => {
    const text = fc
      .array(fc.constantFrom('\n', 'a', 'é', '😀', '\u2028'))
      .map((all) => all.join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 5 }), async (given, size) => {
        expect(await linesOf(given, size)).toEqual(await linesOf(given, 1_000));
        expect((await linesOf(given, size)).join('\n')).toBe(given.replace(/\n$/, ''));
      }),
    );
  });
});
