const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Python's `urllib.parse.quote(text, safe='')`: UTF-8, percent-encoded but for letters, digits and `_.-~`.
 *
 * @param text well-formed Unicode
 */
export function quoteAll(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, percentEncode);
}

/** Python's `urllib.parse.quote(text)`, which leaves `/` as it is. */
export function quote(text: string): string {
  return quoteAll(text).replaceAll('%2F', '/');
}

/** Python's `urllib.parse.unquote(text)`: a `%` that begins no byte stays, bytes that are no UTF-8 become U+FFFD. */
export function unquote(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    utf8.decode(Buffer.from(escapes.replaceAll('%', ''), 'hex')),
  );
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
