import { createDecipheriv } from 'node:crypto';
import { parseLocationUrl } from '../stores/location-url.ts';

/**
 * Column `value`, made readable. `reason` is for people; neither key nor plaintext is ever in it.
 * `readable` does not say that a value which was no ciphertext is a URL.
 */
export type ReadableValue =
  | { readonly kind: 'readable'; readonly url: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Makes a column `value` readable; never throws. */
export type Decrypter = (value: string) => ReadableValue;

const ciphers: Readonly<Record<number, string>> = {
  16: 'aes-128-cbc',
  24: 'aes-192-cbc',
  32: 'aes-256-cbc',
};
const blockBytes = 16;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether AES takes this `metadata_encryption_key`: 16, 24 or 32 bytes of UTF-8. */
export function isEncryptionKey(key: string): boolean {
  return cipherOf(key) !== undefined;
}

/**
 * Reads values as `urlsafe_decrypt` does (glance/common/crypt.py), row by row: a table in which the key was set
 * late, or has been removed again, holds plain and encrypted values side by side.
 *
 * @param key `metadata_encryption_key`; undefined or empty where there is none, as in Glance
 * @throws RangeError for a key that `isEncryptionKey` refuses
 */
export function createDecrypter(key: string | undefined): Decrypter {
  const decrypt = key === undefined || key === '' ? undefined : createDecryption(key);
  return (value) => {
    if (!looksEncrypted(value)) return { kind: 'readable', url: value };
    if (decrypt === undefined) return unreadable('value is encrypted; set metadata_encryption_key');
    const url = decrypt(value);
    return url === undefined
      ? unreadable(
          'value cannot be decrypted; metadata_encryption_key is not the key it was written with',
        )
      : { kind: 'readable', url };
  };
}

/**
 * Whether a value has the form `urlsafe_encrypt` writes: urlsafe base64 of an initialisation vector
 * and at least one block. No URL has it, since `:` is not in that alphabet.
 */
function looksEncrypted(value: string): boolean {
  if (value.length % 4 !== 0) return false;
  const padding = value.endsWith('==') ? 2 : Number(value.endsWith('='));
  const bytes = (value.length / 4) * 3 - padding;
  return bytes >= 2 * blockBytes && bytes % blockBytes === 0 && /^[\w-]+={0,2}$/.test(value);
}

/** Ciphertext to URL; undefined where what comes out is none, the sign of another key. */
function createDecryption(key: string): (ciphertext: string) => string | undefined {
  const cipher = cipherOf(key);
  if (cipher === undefined)
    throw new RangeError('metadata_encryption_key is not 16, 24 or 32 bytes');
  // In CBC a block comes out right if the block before it went in. So the vector may go in as the first block, its own
  // output is dropped, and one decipher serves all values in half the time that one for each would take.
  const vector = Buffer.alloc(blockBytes);
  const decipher = createDecipheriv(cipher, Buffer.from(key), vector).setAutoPadding(false);
  return (ciphertext) => {
    const padded = decipher.update(ciphertext, 'base64url').subarray(blockBytes);
    // Glance pads in a way of its own: one zero byte, then random ones that are not zero.
    return readUrl(padded.subarray(0, padded.lastIndexOf(0)));
  };
}

function readUrl(plaintext: Uint8Array): string | undefined {
  try {
    const text = utf8.decode(plaintext);
    return parseLocationUrl(text) === undefined ? undefined : text;
  } catch {
    return undefined; // not UTF-8
  }
}

function cipherOf(key: string): string | undefined {
  return ciphers[Buffer.byteLength(key)];
}

function unreadable(reason: string): ReadableValue {
  return { kind: 'unreadable', reason };
}
