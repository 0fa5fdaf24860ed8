import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecrypter, isEncryptionKey } from '../../../src/locations/encryption.ts';
import { encrypt, encryptBlocks } from '../../support/encryption.ts';

const key = '0123456789abcdef0123456789abcdef';
const url = 'file:///srv/glance/disk/ab0bcefa-6b39-4ca9-9b81-1f47668864bf';
const withoutKey = 'value is encrypted; set metadata_encryption_key';
const withOtherKey =
  'value cannot be decrypted; metadata_encryption_key is not the key it was written with';

describe('a value that is not encrypted', () => {
  it.each([
    [url],
    ['swift+https://t%3Au:k@ks.example.com/v3/c/ab0bcefa-6b39-4ca9-9b81-1f47668864bf'],
    [''],
    ['file'],
    ['/srv/glance/fast/ab0bcefa'],
    ['a'.repeat(20)], // 15 bytes
    ['a'.repeat(48)], // 36 bytes, no whole blocks
    [`${'a'.repeat(22)}==`], // an initialisation vector and no block
    [`${'a'.repeat(42)}=`], // no length base64 has
    [`${'a'.repeat(41)}===`],
    [`${'a'.repeat(42)}+=`], // the alphabet of base64 that is not urlsafe
    [`${'a'.repeat(43)}\n`],
  ])('%j is taken as it stands, with a key and without', (value) => {
    expect(createDecrypter(key)(value)).toEqual({ kind: 'readable', url: value });
    expect(createDecrypter(undefined)(value)).toEqual({ kind: 'readable', url: value });
  });
});

describe('an encrypted value', () => {
  it.each([16, 24, 32])('is decrypted with a key of %i bytes', (length) => {
    const decrypt = createDecrypter(key.slice(0, length));
    expect(decrypt(encrypt(key.slice(0, length), url))).toEqual({ kind: 'readable', url });
  });

  it('is decrypted with a key whose characters take several bytes', () => {
    expect(createDecrypter('é'.repeat(8))(encrypt('é'.repeat(8), url))).toEqual({
      kind: 'readable',
      url,
    });
  });

  it('is decrypted as Glance wrote it', () => {
    const written =
      'ZDNl03bWizwrs3Tm45S6uzCgoCd4Mb6WclUbGrmWWmIzqrqzuzv76NncnB_eaNRa7qmsaaFmmsKuAIYq607eaNicgdPLJPfVwS5lsdOZ7ZE=';
    expect(createDecrypter(key)(written)).toMatchObject({
      kind: 'readable',
      url: expect.stringContaining('c9932fb6-e1c8-4247-928c-8100ed711aba') as string,
    });
  });

  it('comes back whole, whatever its length and its characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (path) => {
        const stored = `http://images.example.com/${path}`;
        expect(createDecrypter(key)(encrypt(key, stored))).toEqual({
          kind: 'readable',
          url: stored,
        });
      }),
    );
  });

  it('ends at the last zero byte, as in Glance', () => {
    const value = encrypt(key, `${url}\0?x`);
    expect(createDecrypter(key)(value)).toEqual({ kind: 'readable', url: `${url}\0?x` });
  });

  it.each([[undefined], ['']])('asks for the key when there is none (%j)', (absent) => {
    expect(createDecrypter(absent)(encrypt(key, url))).toEqual({
      kind: 'unreadable',
      reason: withoutKey,
    });
  });

  it.each([
    ['was written with another key', encrypt('another-key-0123', url)],
    ['holds no URL', encrypt(key, 'a plaintext that is no URL at all')],
    ['holds bytes that are not UTF-8', encrypt(key, Buffer.from([...Buffer.from(url), 0xff]))],
    ['holds a byte order mark before its URL', encrypt(key, `\ufeff${url}`)],
    ['was damaged', encrypt(key, url).replace(/^.{40}/, 'A'.repeat(40))],
    ['ends without a zero byte', encryptBlocks(key, Buffer.alloc(32, 0xff))],
  ])('is unreadable when it %s', (_, value) => {
    expect(createDecrypter(key)(value)).toEqual({ kind: 'unreadable', reason: withOtherKey });
  });

  it('never makes the reader throw', () => {
    const decrypt = createDecrypter(key);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 80 }), (bytes) => {
        const value = Buffer.from(bytes)
          .toString('base64')
          .replaceAll('+', '-')
          .replaceAll('/', '_');
        expect(['readable', 'unreadable']).toContain(decrypt(value).kind);
      }),
    );
  });
});

describe('metadata_encryption_key', () => {
  it.each([
    ['0123456789abcdef', true],
    ['0123456789abcdef01234567', true],
    [key, true],
    ['é'.repeat(8), true],
    ['é'.repeat(16), true],
    ['', false],
    ['short', false],
    ['0123456789abcde', false],
    ['0123456789abcdeé', false],
    [`${key}0`, false],
  ])('%j is a key for AES: %s', (candidate, isKey) => {
    expect(isEncryptionKey(candidate)).toBe(isKey);
  });

  it('is refused when AES does not take it, and not repeated in the message', () => {
    expect(() => createDecrypter('too-short')).toThrow(
      new RangeError('metadata_encryption_key is not 16, 24 or 32 bytes'),
    );
  });
});
