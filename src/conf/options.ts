import { findHostAddressProblem } from './host-address.ts';
import type { Fault } from './mistake.ts';
import { repr, strip } from './python-text.ts';

/**
 * What became of an option's text.
 *
 * `unset` is Python's None, such as a blank number. The problem is said of the value, as in
 * `is not a whole number`, and never quotes it: the value may be a secret.
 */
export type Reading<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'unset' }
  | { readonly kind: 'wrong'; readonly fault: Fault };

/** How an option's text is read (oslo_config/types.py). */
export interface OptionType<T> {
  /** `last`: of several assignments the last one counts; `all`: every one does (oslo's MultiOpt) */
  readonly counts: 'last' | 'all';
  /** @param texts the assignments that count, already substituted */
  read(texts: readonly string[]): Reading<T>;
  /** What Python's `str()` makes of the value: this is what `$name` inserts into other values. */
  toPython(value: T): string;
}

/** An older name of an option, still read; `group` where the option has moved from another one. */
export interface DeprecatedName {
  readonly group?: string;
  readonly name: string;
}

/** An option as a driver or Glance declares it (oslo_config/cfg.py, class Opt). */
export interface Option<T> {
  /** as it stands in the file: with underscores, never dashes */
  readonly name: string;
  readonly type: OptionType<T>;
  /** text, substituted and read like a value from a file */
  readonly default?: string;
  readonly deprecatedNames?: readonly DeprecatedName[];
  /** the value is never quoted in a message */
  readonly secret?: boolean;
}

/** StrOpt: any text, the empty one included. */
export const str: OptionType<string> = single(known, String);

/** StrOpt with `choices`: one of these words, in this case. */
export function choice(...words: readonly string[]): OptionType<string> {
  const remedy = `write one of ${words.join(', ')}`;
  return single(
    (text) => (words.includes(text) ? known(text) : wrong('is not a word allowed here', remedy)),
    String,
  );
}

/** BoolOpt: true, 1, on, yes and their opposites, in any case. */
export const bool: OptionType<boolean> = single(
  (text) => {
    const word = text.toLowerCase();
    if (['true', '1', 'on', 'yes'].includes(word)) return known(true);
    if (['false', '0', 'off', 'no'].includes(word)) return known(false);
    return wrong('is neither true nor false', 'write true or false');
  },
  (value) => (value ? 'True' : 'False'),
);

/** As Python reads numbers, single underscores may stand between digits. */
const digitsPattern = '\\d+(_\\d+)*';
const wholeNumber = new RegExp(`^[+-]?${digitsPattern}$`);
const numberPattern = new RegExp(
  `^[+-]?(${digitsPattern}\\.?(${digitsPattern})?|\\.${digitsPattern})(e[+-]?${digitsPattern})?$`,
  'i',
);

/** IntOpt: blank text is unset. Bounds are inclusive; without them any whole number is taken. */
export function int(min = -Infinity, max = Infinity): OptionType<number> {
  return single((text) => {
    const digits = strip(text);
    if (digits === '') return { kind: 'unset' };
    const value = Number(digits.replaceAll('_', ''));
    if (!wholeNumber.test(digits)) return wrong('is not a whole number', 'write digits only');
    if (value < min) return wrong('is too small', `write ${min} or more`);
    if (value > max) return wrong('is too large', `write ${max} or less`);
    return known(value);
  }, String);
}

/** FloatOpt: blank text is unset. No option needs infinity, so it is refused. */
export const float: OptionType<number> = single(
  (text) => {
    const digits = strip(text);
    if (digits === '') return { kind: 'unset' };
    return numberPattern.test(digits)
      ? known(Number(digits.replaceAll('_', '')))
      : wrong('is not a number', 'write a number such as 1.5');
  },
  (value) => (Number.isInteger(value) ? value.toFixed(1) : String(value)),
);

/** ListOpt: items between commas; commas at the very end count for nothing, quotes mean nothing. */
export const list: OptionType<readonly string[]> = single((text) => {
  const items = strip(text).replace(/,+$/, '');
  return known(items === '' ? [] : items.split(',').map(strip));
}, toPythonList);

/** DictOpt: `name:value` pairs between commas, in order; quotes mean nothing. */
export const dict: OptionType<ReadonlyMap<string, string>> = single(readDict, (map) => {
  const items = [...map].map(([key, value]) => `${repr(key)}: ${repr(value)}`);
  return `{${items.join(', ')}}`;
});

/** MultiStrOpt: every assignment is one item, through all files. */
export const multiStr: OptionType<readonly string[]> = {
  counts: 'all',
  read: known,
  toPython: toPythonList,
};

/** HostAddressOpt: an IPv4 or IPv6 address without brackets, or a host name; no port. */
export const hostAddress: OptionType<string> = single((text) => {
  const problem = findHostAddressProblem(text);
  // Upstream drops the dot that ends a fully qualified name.
  if (problem === undefined) return known(text.replace(/\.$/, ''));
  return wrong(problem, 'write a host name or an IP address alone, without brackets or port');
}, String);

/** A pair ends at the first comma after its colon: an item without one belongs to the next, as upstream has it. */
const pairPattern = /([^:]*):([^,]*)(?:,|$)/gy;

function readDict(text: string): Reading<ReadonlyMap<string, string>> {
  const content = strip(text);
  const map = new Map<string, string>();
  let end = 0;
  for (const [pair, name = '', value = ''] of content.matchAll(pairPattern)) {
    const key = strip(name);
    const item = map.size + 1;
    if (key === '') return wrong(`has no name in item ${item}`, 'write NAME:VALUE');
    if (map.has(key)) return wrong(`repeats a name in item ${item}`, 'name each item differently');
    map.set(key, strip(value));
    end += pair.length;
  }
  const remedy = 'write NAME:VALUE items with one comma between them';
  if (content.endsWith(',')) return wrong('ends with a comma', remedy);
  return end === content.length ? known(map) : wrong('has no colon in its last item', remedy);
}

/** A type of which only the last assignment counts. */
function single<T>(
  read: (text: string) => Reading<T>,
  toPython: (value: T) => string,
): OptionType<T> {
  return { counts: 'last', read: (texts) => read(texts.at(-1) ?? ''), toPython };
}

function known<T>(value: T): Reading<T> {
  return { kind: 'value', value };
}

function wrong(problem: string, remedy: string): Reading<never> {
  return { kind: 'wrong', fault: { problem, remedy } };
}

function toPythonList(items: readonly string[]): string {
  return `[${items.map(repr).join(', ')}]`;
}
