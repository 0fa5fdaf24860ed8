/** Colours, as chalk has them; renderers are handed one and never print. */
export type Paint = Readonly<
  Record<'bold' | 'dim' | 'yellow' | 'green' | 'cyan', (text: string) => string>
>;

/** Columns a line of prose may take. */
export const lineWidth = 80;

/** How the lines of a result are to look. */
export interface Page {
  readonly paint: Paint;
  /** columns a line may take */
  readonly width: number;
}

/** `1234567` → `1,234,567` */
export function formatCount(count: number): string {
  // toLocaleString would first load its tables, which takes longer than all the rest of a short output.
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Things of a kind that a sentence names. */
const mostNamed = 4;

/** The first few texts, and `…` where there are more. */
export function firstFew(texts: readonly string[]): readonly string[] {
  return texts.length > mostNamed ? [...texts.slice(0, mostNamed), '…'] : texts;
}

/** Control characters made visible: what stands in a database must not drive the operator's terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
    return `\\u${code}`;
  });
}

/**
 * Breaks prose at spaces into lines of at most `width` columns, each after `indent` spaces.
 * A word longer than a line, such as a URL, keeps a line of its own: it must stay whole to be copied.
 */
export function wrap(text: string, indent: number, width = lineWidth): string[] {
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(margin + word);
    }
  }
  return lines;
}

/** For `wrap`: words that stay on one line; `spaced` gives them their spaces back. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

/** The inverse of `unbroken`. */
export function spaced(line: string): string {
  return line.replaceAll('\u00a0', ' ');
}

/** Characters of a value that a line shows: it may have thousands, and JSON has all of them. */
const mostShown = 200;

/** A value as far as it is shown to people. */
export function clip(value: string): string {
  return value.length <= mostShown ? value : `${value.slice(0, mostShown)}…`;
}

/** `1 row`, `2 rows` */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Columns that a number takes in a table. */
export const numberWidth = 11;

/** What is counted, and how often it was. */
export function countLabel(label: string, count: number): string {
  return label.padEnd(14) + formatCount(count).padStart(numberWidth);
}

/** Sections with a blank line between them, those without lines left out; ends in a newline. */
export function joinSections(sections: readonly (readonly string[])[]): string {
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

/** A report as JSON, ending in a newline. */
export function renderJson(report: unknown): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** A word as a POSIX shell takes it back: in single quotes, unless nothing in it means anything to a shell. */
export function shellQuote(word: string): string {
  return /^[\w%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
