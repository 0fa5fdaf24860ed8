import fc from 'fast-check';

/** A JSON value as Python holds it after `json.loads`; numbers as the text Python prints. */
export type PythonValue =
  null | boolean | string | { readonly number: string } | readonly PythonValue[] | PythonObject;

/** A Python dict: members in order, so that keys such as `10` and `__proto__` stay where they are. */
export interface PythonObject {
  readonly members: readonly (readonly [key: string, value: PythonValue])[];
}

/** Python's `json.dumps` with its default settings. */
export function dumps(value: PythonValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return dumpsString(value);
  if ('number' in value) return value.number;
  if ('members' in value) {
    return `{${value.members.map(([key, member]) => `${dumpsString(key)}: ${dumps(member)}`).join(', ')}}`;
  }
  return `[${value.map(dumps).join(', ')}]`;
}

/** Python's `dict[key] = value`: an old key keeps its place, a new one comes last. */
export function assign(object: PythonObject, key: string, value: PythonValue): PythonObject {
  const isThere = object.members.some(([name]) => name === key);
  return {
    members: isThere
      ? object.members.map(([name, old]) => [name, name === key ? value : old] as const)
      : [...object.members, [key, value] as const],
  };
}

function dumpsString(text: string): string {
  return `"${Array.from({ length: text.length }, (_, at) => dumpsUnit(text, at)).join('')}"`;
}

function dumpsUnit(text: string, at: number): string {
  const unit = text.charAt(at);
  const short = {
    '"': '\\"',
    '\\': '\\\\',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\f': '\\f',
    '\b': '\\b',
  };
  const escaped = Object.entries(short).find(([character]) => character === unit)?.[1];
  if (escaped !== undefined) return escaped;
  if (unit >= ' ' && unit <= '~') return unit;
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
}

const text = fc.string({ unit: 'binary', maxLength: 8 });
const keys = fc.oneof(
  text,
  fc.constantFrom('store', 'Store', 'store ', 'backend', '10', '__proto__'),
);

/** Numbers in the spelling Python prints, among them such as JavaScript cannot hold. */
const printedNumber = fc
  .oneof(
    fc.bigInt().map(String),
    fc.bigInt({ min: 10n ** 40n, max: 10n ** 41n }).map(String),
    fc.constantFrom('0', '0.0', '-0.0', '1e+16', '1e-07', '1.2345678901234568e+20', '0.1'),
    fc.constantFrom('NaN', 'Infinity', '-Infinity'),
  )
  .map((number) => ({ number }));

const { object } = fc.letrec<{ value: PythonValue; object: PythonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    text,
    printedNumber,
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(keys, tie('value')), { maxLength: 4, selector: ([key]) => key })
    .map((members) => ({ members })),
}));

/** Any dict that Glance may hold as `meta_data`. */
export const pythonObjects = object;
