/** A word as a POSIX shell takes it back: in single quotes, unless nothing in it means anything to a shell. */
export function shellQuote(word: string): string {
  return /^[\w%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
