import { strip, stripEnd } from '../conf/python-text.ts';

/** A value and the line, counted from 1, on which it begins. */
export interface ConfigValue {
  readonly text: string;
  readonly line: number;
}

/** Sections by name, each with its options by lower-case name. `DEFAULT` lends its options to the others. */
export type ConfigSections = ReadonlyMap<string, ReadonlyMap<string, ConfigValue>>;

/** A file as Python's `configparser.ConfigParser().read()` takes it, or the first thing it raises. */
export type ConfigParse =
  | { readonly kind: 'sections'; readonly sections: ConfigSections }
  | { readonly kind: 'wrong'; readonly line: number; readonly problem: string };

/** A line with those that continue it. */
interface LogicalLine {
  readonly line: number;
  readonly indent: number;
  readonly parts: readonly [string, ...string[]];
}

/**
 * Reads a file by the rules of Python's configparser, which are not oslo.config's: `#` and `;` begin a comment at
 * the start of a line, indented or not; indented lines continue a value, over blank lines too; an option, and any
 * section but `[DEFAULT]`, may stand but once.
 */
export function parseConfigSections(text: string): ConfigParse {
  const sections = new Map<string, Map<string, ConfigValue>>();
  let current: Map<string, ConfigValue> | undefined;
  for (const { line, parts } of joinLines(text)) {
    const header = sectionHeader(parts[0]);
    if (header !== undefined) {
      const known = sections.get(header);
      if (known && header !== 'DEFAULT') return wrong(line, `section [${header}] stands twice`);
      current = known ?? new Map<string, ConfigValue>();
      sections.set(header, current);
      continue;
    }
    if (current === undefined) return wrong(line, 'a line stands before any [section]');
    const [, name = '', first = ''] = /^(.*?)\s*[=:]\s*(.*)$/.exec(parts[0]) ?? [];
    const key = name.toLowerCase();
    if (key === '') return wrong(line, 'a line is not of the form "name = value"');
    if (current.has(key)) return wrong(line, `option ${key} stands twice in its section`);
    current.set(key, { text: stripEnd([first, ...parts.slice(1)].join('\n')), line });
  }
  return { kind: 'sections', sections };
}

/**
 * Replaces `%%` by `%` and `%(name)s` by that option of the section (configparser.BasicInterpolation).
 *
 * @returns undefined where Python raises: any other percent sign, an option that is not there, a circle
 */
export function interpolate(
  section: ReadonlyMap<string, ConfigValue>,
  key: string,
  depth = 0,
): string | undefined {
  const text = section.get(key)?.text;
  if (text === undefined || depth > 10) return undefined;
  const parts = text.split(/(%%|%\([^)]+\)s|%)/).map((part) => {
    const name = /^%\((.+)\)s$/.exec(part)?.[1];
    if (name !== undefined) return interpolate(section, name.toLowerCase(), depth + 1);
    if (part === '%%') return '%';
    return part === '%' ? undefined : part;
  });
  return parts.includes(undefined) ? undefined : parts.join('');
}

function joinLines(text: string): LogicalLine[] {
  const lines: LogicalLine[] = [];
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const content = strip(raw);
    if (/^[#;]/.test(content)) continue;
    const last = lines.at(-1);
    const indent = raw.search(/\S/);
    if (last !== undefined && continues(last, content, indent)) {
      lines[lines.length - 1] = { ...last, parts: [...last.parts, content] };
    } else if (content !== '') {
      lines.push({ line: index + 1, indent, parts: [content] });
    }
  }
  return lines;
}

function continues(last: LogicalLine, content: string, indent: number): boolean {
  return sectionHeader(last.parts[0]) === undefined && (content === '' || indent > last.indent);
}

function sectionHeader(text: string): string | undefined {
  return /^\[(.+)\]/.exec(text)?.[1];
}

function wrong(line: number, problem: string): ConfigParse {
  return { kind: 'wrong', line, problem };
}
