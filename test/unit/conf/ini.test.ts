import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIni } from '../../../src/conf/ini.ts';

/** What a text assigns, as `[section] key=value`. */
function readEntries(text: string): string[] {
  return parseIni(text, 'f.conf').entries.map((e) => `[${e.section}] ${e.key}=${e.value}`);
}

/** Where a text is wrong, as `line: problem`. */
function findMistakes(text: string): string[] {
  return parseIni(text, 'f.conf').mistakes.map(({ origin, problem }) => {
    const line = origin?.kind === 'file' ? origin.line : undefined;
    return `${line}: ${problem}`;
  });
}

const STRAY = 'the line is indented, but there is no option directly above that it could continue';
const NO_SEPARATOR = 'the line has neither "=" nor ":"';
const NO_SECTION = 'the option stands before the first section';

describe('an assignment', () => {
  it.each([
    ['a = x', 'a=x'],
    ['a=x', 'a=x'],
    ['a:x', 'a=x'],
    ['a = b: c', 'a=b: c'],
    ['a: b = c', 'a=b = c'],
    ['a\t=\t x \t', 'a=x'],
    ['a =', 'a='],
    ['a b = x', 'a b=x'],
    ['a = x # y', 'a=x # y'],
    ['a = x ; y', 'a=x ; y'],
    ['A = x', 'A=x'],
  ])('%j is split at its first = or :', (line, entry) => {
    expect(readEntries(`[s]\n${line}`)).toEqual([`[s] ${entry}`]);
  });

  it.each([
    ['"x"', 'x'],
    [`'x'`, 'x'],
    ['"  x  "', '  x  '],
    ['""', ''],
    ['"', ''],
    ['"x', '"x'],
    [`"x'`, `"x'`],
    ['""x""', '"x"'],
    ['x"y"', 'x"y"'],
  ])('of %s only a pair of quotes around it goes', (written, value) => {
    expect(readEntries(`[s]\na = ${written}`)).toEqual([`[s] a=${value}`]);
  });

  it('goes on over indented lines, whose quotes stay', () => {
    expect(readEntries('[s]\na = "x"\n  "y"\n\t# z  \nb = 1')).toEqual([
      '[s] a=x\n"y"\n# z',
      '[s] b=1',
    ]);
  });

  it('knows its line, counted over all kinds of line ends', () => {
    const { entries } = parseIni('# 1\r\n[s]\r\n\r\na = x\r  y\nb = z', 'f.conf');
    expect(entries.map(({ key, line }) => `${key}:${line}`)).toEqual(['a:4', 'b:6']);
  });
});

describe('a section', () => {
  it('may come again, and its name is taken as written', () => {
    const { sections } = parseIni('[s]\n[T]\n[s]\n[t]\n[ u ]\n', 'f.conf');
    expect(sections).toEqual(['s', 'T', 't', ' u ']);
  });
});

describe('a comment', () => {
  it.each(['# a = x', '; a = x', '#', '#a = x\n;b = y'])('assigns nothing: %j', (text) => {
    expect(parseIni(`[s]\n${text}`, 'f.conf')).toMatchObject({ entries: [], mistakes: [] });
  });
});

describe('a mistake', () => {
  it.each([
    ['[s]\na', [`2: ${NO_SEPARATOR}`]],
    ['[s]\n= x', ['2: the line has no option name before its "=" or ":"']],
    ['[s\na = x', ['1: the line begins a section but does not end with "]"']],
    ['[s] # x', ['1: the line begins a section but does not end with "]"']],
    ['[', ['1: the line begins a section but does not end with "]"']],
    ['[]', ['1: the section has no name']],
    ['[s]\n a = x', [`2: ${STRAY}`]],
    ['[s]\na = x\n\n y', [`4: ${STRAY}`]],
    ['[s]\na = x\n# c\n y', [`4: ${STRAY}`]],
    ['a = x\n[s]', [`1: ${NO_SECTION}`]],
    [
      '\uFEFF[s]\na = x',
      ['1: the file begins with a byte order mark, which Glance takes for text'],
    ],
  ])('in %j is told with its line', (text, mistakes) => {
    expect(findMistakes(text)).toEqual(mistakes);
  });

  it('is told together with all others of the file, each once', () => {
    const text = '\uFEFFa = 1\nb = 2\n[s\nc = 3\nd\n  e\n  f\n[t]\ng = 4\n= 5\n';
    expect(findMistakes(text)).toEqual([
      '1: the file begins with a byte order mark, which Glance takes for text',
      `1: ${NO_SECTION}`,
      '3: the line begins a section but does not end with "]"',
      `5: ${NO_SEPARATOR}`,
      '10: the line has no option name before its "=" or ":"',
    ]);
    expect(readEntries(text)).toEqual(['[t] g=4']);
  });

  it('never quotes the line, which may hold a secret', () => {
    const { mistakes } = parseIni('[s]\nkey = abc\nSECRET\n= SECRET\n[SECRET\n', 'f.conf');
    expect(mistakes).toHaveLength(3);
    expect(JSON.stringify(mistakes)).not.toContain('SECRET');
  });
});

describe('any text', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '[s]',
      '[',
      '[]',
      ' x',
      '\t',
      '',
      '# c',
      '= x',
      'a',
      'a = "',
      "b : 'x'",
      '\uFEFF',
    ),
    fc.string({ unit: 'binary' }),
  );
  const text = fc.array(line).map((lines) => lines.join('\n'));

  it('is parsed without an exception, and every line it speaks of is there', () => {
    fc.assert(
      fc.property(text, (written) => {
        const { entries, mistakes } = parseIni(written, 'f.conf');
        const last = written.split(/\r\n|\r|\n/).length;
        const lines = [...entries.map((entry) => entry.line), ...mistakes.map(lineOf)];
        return lines.every((number) => number >= 1 && number <= last);
      }),
    );
  });

  it('that a program wrote is read back as it was', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_]*$/);
    const value = fc.stringMatching(/^[!-~]+( [!-~]+)*$/).filter((v) => !/^["']/.test(v));
    const assignments = fc.array(fc.tuple(word, value));
    fc.assert(
      fc.property(assignments, (pairs) => {
        const written = `[s]\n${pairs.map(([key, v]) => `${key} = ${v}\n`).join('')}`;
        expect(readEntries(written)).toEqual(pairs.map(([key, v]) => `[s] ${key}=${v}`));
      }),
    );
  });
});

function lineOf({ origin }: ReturnType<typeof parseIni>['mistakes'][number]): number {
  return origin?.kind === 'file' ? origin.line : NaN;
}
