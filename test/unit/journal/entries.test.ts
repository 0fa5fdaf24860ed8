import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JournalEntry, parseEntry, renderEntry } from '../../../src/journal/entries.ts';
import { header, makePlan } from './samples.ts';

/** Any text a driver may hand over: line breaks of all kinds, NUL, emoji, halves of surrogate pairs. */
const text = fc.oneof(
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
  fc.constantFrom('', '{}', 'null', '\n', '\u2028', '\r\n', '\ufeff', '\ud800', '😀'),
);
const textOrNull = fc.option(text);
const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const ids = fc.array(id);
const isoTime = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') });

const entry: fc.Arbitrary<JournalEntry> = fc.oneof(
  fc.record({
    kind: fc.constant('header' as const),
    header: fc.record({
      version: text,
      startedAt: isoTime.map((date) => date.toISOString()),
      run: text,
      database: fc.record({
        dialect: fc.constantFrom('mysql', 'postgresql', 'sqlite'),
        server: text,
        name: text,
        landmarks: fc.array(fc.record({ id, imageId: text })),
      }),
      confFingerprint: fc.stringMatching(/^[0-9a-f]{64}$/),
      stores: fc.array(text),
      undoes: textOrNull,
    }),
  }),
  fc.record({
    kind: fc.constant('plan' as const),
    plan: fc.record({
      batch: id,
      updatedAt: isoTime.map((date) => date.toISOString().slice(0, 19).replace('T', ' ')),
      changes: fc.array(fc.record({ old: textOrNull, new: textOrNull, ids })),
    }),
  }),
  fc.record({
    kind: fc.constant('outcome' as const),
    outcome: fc.record({
      batch: id,
      written: fc.oneof(fc.constantFrom('all' as const, 'none' as const), ids),
    }),
  }),
  fc.record({
    kind: fc.constant('finished' as const),
    at: isoTime.map((date) => date.toISOString()),
  }),
);

describe('a line of the journal', () => {
  it('says what was meant, whatever stands in the texts', () => {
    fc.assert(
      fc.property(entry, (written) => {
        const line = renderEntry(written);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(parseEntry(Buffer.from(line).toString())).toEqual(written);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [
      'a header',
      { kind: 'header', header },
      '{"schema":"glance-store-backfill/journal@1","version":"1.0.0","startedAt":"2026-11-22T16:20:00.123Z",' +
        '"run":"6b1c9a52-0f43-4c39-9d4c-0a8f6a5f1f10",' +
        '"database":{"dialect":"mysql","server":"MariaDB 10.11.19","name":"glance",' +
        '"landmarks":[{"id":7,"imageId":"5ca1ab1e-0000-4000-8000-000000000007"}]},' +
        `"confFingerprint":"${'a0'.repeat(32)}","stores":["fast","slow"],"undoes":null}\n`,
    ],
    [
      'a plan',
      { kind: 'plan', plan: makePlan(3, [17, 18]) },
      '{"batch":3,"updatedAt":"2026-11-22 16:20:01",' +
        '"changes":[{"old":"{}","new":"{\\"store\\": \\"fast\\"}","ids":[17,18]}]}\n',
    ],
    [
      'an outcome',
      { kind: 'outcome', outcome: { batch: 3, written: [17] } },
      '{"batch":3,"written":[17]}\n',
    ],
    [
      'the end',
      { kind: 'finished', at: '2026-11-22T16:21:00.000Z' },
      '{"finished":"2026-11-22T16:21:00.000Z"}\n',
    ],
  ] satisfies [string, JournalEntry, string][])(
    'is JSON that other tools can read: %s',
    (_what, given, line) => {
      expect(renderEntry(given)).toBe(line);
    },
  );

  it.each(['', ' ', '{"batch":3,"written":"al', '\0\0\0', 'hello', '\ufeff{"batch":1}'])(
    'is told from text that is no JSON: %j',
    (line) => {
      expect(parseEntry(line)).toEqual({ kind: 'not-json' });
    },
  );

  const plan = '"batch":3,"updatedAt":"2026-11-22 16:20:01"';
  it.each([
    ['7', 'it is not a JSON object'],
    ['null', 'it is not a JSON object'],
    ['[]', 'it is not a JSON object'],
    ['{}', 'it is neither a header, nor a plan, nor an outcome'],
    ['{"batch":3}', 'it is neither a header, nor a plan, nor an outcome'],
    [
      '{"schema":"glance-store-backfill/journal@2"}',
      '"schema" is not glance-store-backfill/journal@1',
    ],
    [
      '{"schema":"glance-store-backfill/journal@1"}',
      '"version" is missing or not what it should be',
    ],
    ['{"batch":0,"written":"all"}', '"batch" is missing or not what it should be'],
    ['{"batch":1,"written":"some"}', '"written" is missing or not what it should be'],
    ['{"batch":1,"written":["17"]}', '"written" is missing or not what it should be'],
    ['{"batch":1,"written":[9007199254740993]}', '"written" is missing or not what it should be'],
    ['{"batch":1,"written":"all","more":1}', 'it has a field that does not belong there'],
    ['{"batch":1,"written":"all","__proto__":1}', 'it has a field that does not belong there'],
    ['{"batch":3,"changes":[]}', '"updatedAt" is missing or not what it should be'],
    [`{${plan},"changes":{}}`, '"changes" is missing or not what it should be'],
    [
      `{${plan},"changes":[{"new":"b","ids":[1]}]}`,
      '"changes" is missing or not what it should be',
    ],
    [
      `{${plan},"changes":[{"old":1,"new":"b","ids":[1]}]}`,
      '"changes" is missing or not what it should be',
    ],
    [
      `{${plan},"changes":[{"old":null,"new":"b","ids":[1.5]}]}`,
      '"changes" is missing or not what it should be',
    ],
    ['{"finished":"yesterday"}', '"finished" is missing or not what it should be'],
  ])('is refused with a reason when it is no entry: %s', (line, reason) => {
    expect(parseEntry(line)).toEqual({ kind: 'malformed', reason });
  });

  it.each([
    ['startedAt', 'now'],
    ['database', { dialect: 'oracle', server: 's', name: 'n', landmarks: [] }],
    ['database', { dialect: 'mysql', server: 's', name: 'n', landmarks: [{ id: 1 }] }],
    ['database', { dialect: 'mysql', server: 's' }],
    ['confFingerprint', 'abc'],
    ['stores', 'fast'],
    ['undoes', 1],
  ])('is refused when the %s of a header is %j', (field, value) => {
    const line = JSON.stringify({
      schema: 'glance-store-backfill/journal@1',
      ...header,
      [field]: value,
    });
    const reason = `"${field}" is missing or not what it should be`;
    expect(parseEntry(line)).toEqual({ kind: 'malformed', reason });
  });

  it('is not written at all when undo could not read it', () => {
    const plan = { ...makePlan(3, [17]), batch: 0 };
    expect(() => renderEntry({ kind: 'plan', plan })).toThrow(
      `a journal's plan: "batch" is missing or not what it should be`,
    );
  });

  it('never repeats its own text in a reason', () => {
    const secret = 's3cr3t';
    const lines = [
      `{"${secret}":1}`,
      `{"batch":1,"written":"${secret}"}`,
      `{"schema":"${secret}"}`,
    ];
    expect(JSON.stringify(lines.map(parseEntry))).not.toContain(secret);
  });
});
