import { createCipheriv, randomBytes, randomInt } from 'node:crypto';

/** Encrypts as Glance's `urlsafe_encrypt` does (glance/common/crypt.py): a zero byte, then random bytes up to a whole block. */
export function encrypt(key: string, plaintext: string | Uint8Array): string {
  const text = Buffer.from(plaintext);
  const padding = Array.from({ length: 15 - (text.length % 16) }, () => randomInt(1, 256));
  return encryptBlocks(key, Buffer.concat([text, Buffer.from([0, ...padding])]));
}

/** Encrypts whole blocks as they are, whatever ends them. */
export function encryptBlocks(key: string, blocks: Uint8Array): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv(`aes-${Buffer.byteLength(key) * 8}-cbc`, key, iv);
  const ciphertext = cipher.setAutoPadding(false).update(blocks);
  return Buffer.concat([iv, ciphertext])
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
