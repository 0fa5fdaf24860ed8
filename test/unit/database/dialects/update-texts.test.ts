import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOut } from '../../../../src/database/dialects/update-texts.ts';

const update = (metaData: string | null) => ({ metaData, ids: [1] });
const sizes = (texts: readonly (string | null)[]) =>
  shareOut(texts.map(update)).map((statement) => statement.length);

describe('updates shared out to statements', () => {
  it('are all there, in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string())), (texts) => {
        expect(shareOut(texts.map(update)).flat()).toEqual(texts.map(update));
      }),
    );
  });

  it('are at most 64 of them, and 64 KiB of text, a statement', () => {
    expect(sizes(Array.from({ length: 130 }, (_, index) => `${index}`))).toEqual([64, 64, 2]);
    expect(sizes(['ä'.repeat(16_000), 'ä'.repeat(16_000), 'b'.repeat(1_535), 'c', null])).toEqual([
      3, 2,
    ]);
  });

  it('are alone where a text is longer', () => {
    expect(sizes(['a', 'b'.repeat(100_000), 'c'])).toEqual([1, 1, 1]);
  });
});
