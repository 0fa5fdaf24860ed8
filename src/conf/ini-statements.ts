import type { Fault } from './mistake.ts';
import { strip, stripEnd } from './python-text.ts';

/** The head of a section, an assignment with the lines that continue it, or a line that is neither. */
export type IniStatement = { readonly line: number } & (
  | { readonly kind: 'section'; readonly name: string }
  | { readonly kind: 'assignment'; readonly key: string; readonly values: string[] }
  | { readonly kind: 'faulty'; readonly opens: 'section' | 'value'; readonly fault: Fault }
);

/**
 * Splits a file into statements (oslo_config/iniparser.py, class BaseParser). Lines count from 1.
 *
 * An indented line continues the assignment directly above it; blank lines and comments end one. Only at the very
 * start of a line do `#` and `;` make a comment.
 */
export function splitStatements(text: string): readonly IniStatement[] {
  const statements: IniStatement[] = [];
  let above: IniStatement | undefined;
  for (const [index, rawLine] of text.split(/\r\n|\r|\n/).entries()) {
    const line = stripEnd(rawLine);
    if (/^[ \t]/.test(line) && above !== undefined) {
      // After a faulty line the indented ones are its own: they would only be complained of once more.
      if (above.kind === 'assignment') above.values.push(strip(line));
      continue;
    }
    const statement = readStatement(line, index + 1);
    if (statement !== undefined) statements.push(statement);
    above = statement?.kind === 'section' ? undefined : statement;
  }
  return statements;
}

/** @returns undefined for a blank line and a comment */
function readStatement(text: string, line: number): IniStatement | undefined {
  if (text === '' || text.startsWith('#') || text.startsWith(';')) return undefined;
  if (/^[ \t]/.test(text)) return { line, kind: 'faulty', opens: 'value', fault: strayLine };
  return text.startsWith('[') ? readSection(text, line) : readAssignment(text, line);
}

function readSection(text: string, line: number): IniStatement {
  const name = text.slice(1, -1);
  if (!text.endsWith(']')) return { line, kind: 'faulty', opens: 'section', fault: openBracket };
  if (name === '') return { line, kind: 'faulty', opens: 'section', fault: noSectionName };
  return { line, kind: 'section', name };
}

function readAssignment(text: string, line: number): IniStatement {
  const separator = text.search(/[:=]/);
  if (separator < 0) return { line, kind: 'faulty', opens: 'value', fault: noSeparator };
  const key = strip(text.slice(0, separator));
  if (key === '') return { line, kind: 'faulty', opens: 'value', fault: noKey };
  return { line, kind: 'assignment', key, values: [unquote(strip(text.slice(separator + 1)))] };
}

/** Quotes go where the first and the last character are the same quote, be it one and the same character. */
function unquote(value: string): string {
  const isQuoted = /^["']/.test(value) && value.endsWith(value.charAt(0));
  return isQuoted ? value.slice(1, -1) : value;
}

const strayLine: Fault = {
  problem: 'the line is indented, but there is no option directly above that it could continue',
  remedy: 'remove the indentation, or the blank line or comment above it',
};

const openBracket: Fault = {
  problem: 'the line begins a section but does not end with "]"',
  remedy: 'end it with "]"; a comment needs a line of its own',
};

const noSectionName: Fault = {
  problem: 'the section has no name',
  remedy: 'write a name between the brackets, such as [DEFAULT]',
};

const noSeparator: Fault = {
  problem: 'the line has neither "=" nor ":"',
  remedy: 'write "option = value", begin a comment with #, or indent a line that continues a value',
};

const noKey: Fault = {
  problem: 'the line has no option name before its "=" or ":"',
  remedy: 'write the name, or indent a line that continues a value',
};
