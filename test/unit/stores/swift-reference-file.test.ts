import { describe, expect, it } from 'vitest';
import { renderMistake } from '../../../src/conf/mistake.ts';
import {
  findReferenceFault,
  readSwiftReferences,
} from '../../../src/stores/swift-reference-file.ts';

function file(text: string, path = 'swift.conf') {
  return { kind: 'text', path, text } as const;
}

function references(...texts: string[]): unknown {
  const { byName } = readSwiftReferences(texts.map((text) => file(text)));
  return Object.fromEntries(byName);
}

const whole = 'user = t:u\nkey = k\nauth_address = https://ks/v3\n';
const reference = { authAddress: 'https://ks/v3', user: 't:u' };

describe('Swift references', () => {
  it('are the sections that have user, key and auth_address', () => {
    expect(references(`[one]\n${whole}[two]\nuser = t:u\nkey = k\n`)).toEqual({ one: reference });
  });

  it('may have an application credential instead of user and key', () => {
    const text = `[a]\nauth_address = https://ks/v3
application_credential_id = i\napplication_credential_secret = s\n`;
    expect(references(text)).toEqual({ a: { authAddress: 'https://ks/v3', user: undefined } });
  });

  it('inherit from [DEFAULT]', () => {
    expect(references(`[DEFAULT]\nauth_address = https://ks/v3\n[a]\nuser=t:u\nkey=k\n`)).toEqual({
      a: reference,
    });
  });

  it('lose a pair of quotes', () => {
    const text = `[a]\nuser = "t:u"\nkey = 'a"b'\nauth_address = "https://ks/v3"\n`;
    expect(references(text)).toEqual({ a: reference });
  });

  it.each([
    ['a quote is left open', '[a]\nuser = "t:u\nkey = k\nauth_address = https://ks/v3\n'],
    ['a quote stands alone', `[a]\nuser = t:u\nkey = "\nauth_address = https://ks/v3\n`],
    ['a value is empty', '[a]\nuser = t:u\nkey =\nauth_address = https://ks/v3\n'],
  ])('do not count where %s', (_what, text) => {
    expect(references(text)).toEqual({});
  });

  it('stay known to later stores, whose files override them', () => {
    expect(
      references(`[a]\n${whole}[b]\n${whole}`, '[b]\nuser = other:u\n[c]\nuser = x:y\n'),
    ).toEqual({ a: reference, b: { ...reference, user: 'other:u' } });
  });

  it('with a percent sign keep Glance from starting, and the value is not told', () => {
    const { mistakes } = readSwiftReferences([
      file(`[a]\nuser = t:u\nkey = pa%word\nauth_address = https://ks/v3\n`),
    ]);
    expect(mistakes.map(renderMistake)).toEqual([
      'swift.conf:3: [a] key: the value holds a percent sign that refers to no option of the section; ' +
        'write %% where a percent sign is meant',
    ]);
  });

  it('may have a percent sign where nobody reads it', () => {
    const text = `[a]\n${whole}note = 50%\n[b]\nuser = 50%\n`;
    expect(readSwiftReferences([file(text)]).mistakes).toEqual([]);
  });
});

describe('what is wrong with a reference file', () => {
  it('is told with its line', () => {
    expect(findReferenceFault(file('[a]\nuser\n'))).toBe(
      'swift.conf:2: a line is not of the form "name = value"',
    );
  });

  it('is told when it cannot be read', () => {
    const missing = { kind: 'missing', path: 'swift.conf', why: 'permission denied' } as const;
    expect(findReferenceFault(missing)).toBe('swift.conf: permission denied');
    expect(readSwiftReferences([missing]).byName.size).toBe(0);
  });

  it('is nothing for a file in order', () => {
    expect(findReferenceFault(file(`[a]\n${whole}`))).toBeUndefined();
  });
});
