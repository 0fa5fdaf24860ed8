/** A fenced block of a Markdown page. */
export interface CodeBlock {
  /** where it begins, counted from 1 */
  readonly line: number;
  /** the first word after the fence, `''` where there is none */
  readonly language: string;
  /** the words after it, such as `not-run` */
  readonly marks: readonly string[];
  /** without the fences, ending in a newline */
  readonly text: string;
}

const fencedBlock = /^```([^\n]*)\n(.*?)^```$/gms;

/** The fenced blocks of a page, in its order. */
export function readCodeBlocks(page: string): CodeBlock[] {
  return [...page.matchAll(fencedBlock)].map(({ 1: info = '', 2: text = '', index }) => {
    const [language = '', ...marks] = info.trim().split(/\s+/);
    return { line: page.slice(0, index).split('\n').length, language, marks, text };
  });
}

/** What a page's links point to: `docs/undo.md`, `#exit-codes`, `https://…`. */
export function readLinks(page: string): string[] {
  const prose = page.replace(fencedBlock, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The anchors of a page's headings, as GitHub makes them. */
export function readAnchors(page: string): string[] {
  const headings = page.replace(fencedBlock, '').matchAll(/^#{1,6} +(.+?) *$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The cells of every table row of a page, without the lines between head and body. */
export function readTableRows(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => /^\|.*\|$/.test(line) && !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}
