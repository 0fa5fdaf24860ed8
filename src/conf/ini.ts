import { splitStatements, type IniStatement } from './ini-statements.ts';
import type { Fault, Mistake } from './mistake.ts';

/** One assignment of a file. */
export interface IniEntry {
  /** as written: case is folded where an option is looked up */
  readonly section: string;
  readonly key: string;
  /** the first line without its quotes; continuation lines follow after `\n` */
  readonly value: string;
  readonly line: number;
}

/** What a configuration file says, and every mistake in its syntax. */
export interface IniFile {
  readonly file: string;
  readonly entries: readonly IniEntry[];
  /** each name once, in the order they first appear */
  readonly sections: readonly string[];
  readonly mistakes: readonly Mistake[];
}

/** What an assignment belongs to; `unknown` after a section head or an assignment already complained of. */
type Section =
  { readonly kind: 'none' | 'unknown' } | { readonly kind: 'named'; readonly name: string };

/** A statement and the section it stands in. */
interface Placed {
  readonly statement: IniStatement;
  readonly section: Section;
}

const byteOrderMark = '\uFEFF';

/**
 * Parses a configuration file as oslo_config/cfg.py, class ConfigParser, does, except that it goes on after a
 * mistake so that all are told at once. Never throws.
 *
 * @param file as messages are to name it
 */
export function parseIni(text: string, file: string): IniFile {
  const isMarked = text.startsWith(byteOrderMark);
  const statements = splitStatements(isMarked ? text.slice(1) : text);
  const placed = placeStatements(statements);
  const names = statements.flatMap((s) => (s.kind === 'section' ? [s.name] : []));
  const faults = placed.flatMap(findFault);
  if (isMarked) faults.unshift({ line: 1, ...unwantedMark });
  return {
    file,
    entries: placed.flatMap(readEntry),
    sections: [...new Set(names)],
    mistakes: faults.map(({ line, ...fault }) => ({
      origin: { kind: 'file', file, line },
      option: undefined,
      ...fault,
    })),
  };
}

function placeStatements(statements: readonly IniStatement[]): Placed[] {
  let section: Section = { kind: 'none' };
  return statements.map((statement) => {
    const placed = { statement, section };
    section = sectionAfter(placed);
    return placed;
  });
}

function sectionAfter({ statement, section }: Placed): Section {
  switch (statement.kind) {
    case 'section':
      return { kind: 'named', name: statement.name };
    case 'faulty':
      return statement.opens === 'section' ? { kind: 'unknown' } : section;
    case 'assignment':
      return section.kind === 'none' ? { kind: 'unknown' } : section;
  }
}

function readEntry({ statement, section }: Placed): IniEntry[] {
  if (statement.kind !== 'assignment' || section.kind !== 'named') return [];
  const { key, values, line } = statement;
  return [{ section: section.name, key, value: values.join('\n'), line }];
}

function findFault({ statement, section }: Placed): (Fault & { readonly line: number })[] {
  const { kind, line } = statement;
  if (kind === 'faulty') return [{ line, ...statement.fault }];
  return kind === 'assignment' && section.kind === 'none' ? [{ line, ...noSection }] : [];
}

const unwantedMark: Fault = {
  problem: 'the file begins with a byte order mark, which Glance takes for text',
  remedy: 'save it as UTF-8 without byte order mark',
};

const noSection: Fault = {
  problem: 'the option stands before the first section',
  remedy: 'write a section such as [DEFAULT] above it',
};
