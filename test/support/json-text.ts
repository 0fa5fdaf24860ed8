import fc from 'fast-check';

/** One member of an object's text, piece by piece, so that a test knows what stands where. */
interface MemberText {
  readonly key: string;
  readonly value: string;
  readonly isStore: boolean;
  /** white space before the key, before and after the colon, after the value */
  readonly gaps: readonly [string, string, string, string];
}

/** The text of a JSON object in any style Python reads: spacing, escapes, repeated keys, odd numbers. */
export interface ObjectText {
  readonly members: readonly MemberText[];
  /** white space before and after the object, and within an empty one */
  readonly gaps: readonly [string, string, string];
}

/** The text itself; with a `store`, as it should be once that JSON text has been set. */
export function render({ members, gaps }: ObjectText, store?: string): string {
  const isThere = members.some(({ isStore }) => isStore);
  const added = store === undefined || isThere ? '' : `"store": ${store}`;
  const inner = members.map((member, index) => {
    const isLast = index === members.length - 1;
    return (
      renderMember(member, store) + (isLast && added !== '' ? `, ${added}` : '') + member.gaps[3]
    );
  });
  const body = members.length === 0 ? added + gaps[2] : inner.join(',');
  return `${gaps[0]}{${body}}${gaps[1]}`;
}

function renderMember({ key, value, isStore, gaps }: MemberText, store?: string): string {
  return `${gaps[0]}${key}${gaps[1]}:${gaps[2]}${isStore && store !== undefined ? store : value}`;
}

const gap = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 2 });

/** One character of a JSON string in one of the ways to write it. */
const characterText = fc.oneof(
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 1 })
    .map((text) => JSON.stringify(text).slice(1, -1)),
  fc.constantFrom(
    '\\/',
    '/',
    '\\u0041',
    '\\u00e9',
    'é',
    '\\ud83d\\ude00',
    '😀',
    '\\ud800',
    '\\"',
    '{',
    ',',
  ),
);
const stringText = fc
  .array(characterText, { maxLength: 6 })
  .map((characters) => `"${characters.join('')}"`)
  .filter((text) => !text.includes('\ufffd'));

const storeKeyText = fc.constantFrom(
  '"store"',
  '"st\\u006fre"',
  '"\\u0073\\u0074\\u006F\\u0072\\u0065"',
);

const numberText = fc.oneof(
  fc.bigInt().map(String),
  fc.constantFrom(
    '0',
    '-0',
    '-0.0',
    '1.10',
    '1E5',
    '1.0e0',
    '1e400',
    '1e-400',
    '12345678901234567890123',
  ),
);

const { value: valueText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('null', 'true', 'false', '{}', '[ ]', '{"store": "nested"}'),
    stringText,
    numberText,
    fc
      .tuple(gap, fc.array(tie('value'), { maxLength: 3 }))
      .map(([space, items]) => `[${space}${items.join(`,${space}`)}]`),
    fc
      .tuple(stringText, gap, tie('value'))
      .map(([key, space, value]) => `{${key}:${space}${value}}`),
  ),
}));

const memberText: fc.Arbitrary<MemberText> = fc
  .tuple(
    fc.oneof(
      storeKeyText.map((key) => ({ key, isStore: true })),
      stringText.map((key) => ({ key, isStore: JSON.parse(key) === 'store' })),
    ),
    valueText,
    fc.tuple(gap, gap, gap, gap),
  )
  .map(([key, value, gaps]) => ({ ...key, value, gaps }));

/** Any text of a JSON object without `NaN` and `Infinity`, so that JSON.parse can judge it. */
export const objectTexts: fc.Arbitrary<ObjectText> = fc.record({
  members: fc.array(memberText, { maxLength: 4 }),
  gaps: fc.tuple(gap, gap, gap),
});

/** Texts near JSON, most of them broken: tokens thrown together. */
export const brokenTexts: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '"a"',
        '"store"',
        '\\',
        '\\u00',
        '1',
        '0',
        '-',
        '.',
        'e',
        '+',
      ],
      ...[
        'true',
        'null',
        'nul',
        ' ',
        '\n',
        '\t',
        '\u00a0',
        '\ufeff',
        '\u0000',
        '{}',
        '[]',
        '{"a":1',
        '":',
      ],
    ),
    { maxLength: 8 },
  )
  .map((tokens) => tokens.join(''));
