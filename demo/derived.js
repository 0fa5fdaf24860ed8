import { createHash } from 'node:crypto';

/**
 * Digits that look random and are the same on every machine: what the sample makes up comes from here.
 *
 * @param {string} name what the digits are for; another name gives other digits
 * @returns {string} 128 hexadecimal digits
 */
export function deriveHex(name) {
  return createHash('sha512').update(name).digest('hex');
}

/**
 * @param {string} name as for deriveHex
 * @returns {string} a UUID of version 4 in form
 */
export function deriveUuid(name) {
  const hex = deriveHex(name);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/**
 * @param {string} name as for deriveHex
 * @param {number} below at most 2^32
 * @returns {number} a whole number from 0 to below - 1
 */
export function deriveNumber(name, below) {
  return Number.parseInt(deriveHex(name).slice(0, 8), 16) % below;
}
