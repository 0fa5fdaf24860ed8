/** A stretch of text: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One `"key": value` of an object, as places in the text; the key's span includes its quotes. */
export interface Member {
  readonly key: Span;
  readonly value: Span;
}

/** A text that Python's `json.loads` refuses; the message says why and quotes nothing of the text. */
export class JsonFault extends Error {}

// Python's recursion limit: beyond it `json.loads` fails up to Python 3.11.
const maxDepth = 1000;
// `sys.int_info.default_max_str_digits`: more digits are refused by `int()`, and so by `json.loads`.
const maxDigits = 4300;

// All but `"`, `\` and control characters: Python is strict, a bare tab does not belong in a string.
const plainCharacters = /[ !#-[\]-\uffff]*/y;
const scalar =
  /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null|NaN|-?Infinity/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const integer = /^-?([0-9]+)$/;

/**
 * Walks one JSON document, white space around it included, and tells where the members of its
 * outermost object stand. Repeated keys are all listed; a document that is no object has no members.
 *
 * The grammar is that of Python's `json.loads` (Lib/json/decoder.py, scanner.py, Modules/_json.c):
 * strict JSON, and besides it `NaN`, `Infinity`, `-Infinity`.
 *
 * @returns the span of the document without the white space around it, and its members
 * @throws JsonFault
 */
export function scanDocument(text: string): { span: Span; members: readonly Member[] } {
  const start = skipWhitespace(text, 0);
  const { end, members } =
    text[start] === '{'
      ? scanObject(text, start, 1)
      : { end: skipValue(text, start, 1), members: [] };
  if (skipWhitespace(text, end) !== text.length) throw notJson();
  return { span: { start, end }, members };
}

/** Index after the value that starts at `at`. */
function skipValue(text: string, at: number, depth: number): number {
  switch (text.charAt(at)) {
    case '{':
      return scanObject(text, at, depth).end;
    case '[':
      return skipArray(text, at, depth);
    case '"':
      return skipString(text, at);
    default:
      return skipScalar(text, at);
  }
}

function scanObject(text: string, at: number, depth: number): { end: number; members: Member[] } {
  if (depth > maxDepth) throw tooDeep();
  const members: Member[] = [];
  let next = skipWhitespace(text, at + 1);
  if (text[next] === '}') return { end: next + 1, members };
  for (;;) {
    const member = scanMember(text, next, depth);
    members.push(member);
    next = skipWhitespace(text, member.value.end);
    if (text[next] === '}') return { end: next + 1, members };
    next = skipWhitespace(text, skip(text, next, ','));
  }
}

function scanMember(text: string, at: number, depth: number): Member {
  const keyEnd = skipString(text, at);
  const colon = skipWhitespace(text, keyEnd);
  const start = skipWhitespace(text, skip(text, colon, ':'));
  const end = skipValue(text, start, depth + 1);
  return { key: { start: at, end: keyEnd }, value: { start, end } };
}

function skipArray(text: string, at: number, depth: number): number {
  if (depth > maxDepth) throw tooDeep();
  let next = skipWhitespace(text, at + 1);
  if (text[next] === ']') return next + 1;
  for (;;) {
    next = skipWhitespace(text, skipValue(text, next, depth + 1));
    if (text[next] === ']') return next + 1;
    next = skipWhitespace(text, skip(text, next, ','));
  }
}

function skipString(text: string, at: number): number {
  let next = skipPattern(text, skip(text, at, '"'), plainCharacters);
  while (text[next] === '\\') {
    next = skipPattern(text, skipPattern(text, next, escapeSequence), plainCharacters);
  }
  return skip(text, next, '"');
}

function skipScalar(text: string, at: number): number {
  const end = skipPattern(text, at, scalar);
  if (end - at <= maxDigits) return end;
  const digits = integer.exec(text.slice(at, end))?.[1] ?? '';
  if (digits.length > maxDigits) {
    throw new JsonFault(`holds an integer of more than ${maxDigits} digits, which Python refuses`);
  }
  return end;
}

function skipWhitespace(text: string, at: number): number {
  let next = at;
  while (isWhitespace(text[next])) next += 1;
  return next;
}

function isWhitespace(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}

function skipPattern(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  if (!pattern.test(text)) throw notJson();
  return pattern.lastIndex;
}

function skip(text: string, at: number, character: string): number {
  if (text[at] !== character) throw notJson();
  return at + 1;
}

function notJson(): JsonFault {
  return new JsonFault('is not valid JSON');
}

function tooDeep(): JsonFault {
  return new JsonFault(`is nested more than ${maxDepth} levels deep`);
}
