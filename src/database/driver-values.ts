/** A row's columns in the order the statement names them. */
export type Row = readonly unknown[];

/** Narrows what a driver gave to rows; none where the statement is one that gives no rows. */
export function asRows(value: unknown): readonly Row[] {
  return isArray(value) ? value : [];
}

/** A member of what a driver gave; undefined where there is none. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** A member of what a driver gave that counts rows. */
export function countOf(value: unknown, name: string): number {
  return Number(memberOf(value, name));
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** A column of text; bytes are taken for UTF-8, and what is none becomes U+FFFD. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string' || value === null) return value;
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) {
    return utf8.decode(value);
  }
  throw new TypeError(`the driver gave ${typeof value} for a column of text`);
}

function isArray(value: unknown): value is readonly Row[] {
  return Array.isArray(value);
}
