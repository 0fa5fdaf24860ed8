import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DatabaseError } from './errors.ts';
import { readDriverError } from './failures.ts';

/** Where Linux distributions keep the authorities that Python and libpq trust. */
const systemAuthorities = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** The authorities this system trusts, in PEM; undefined where they are not found, which means Node's own. */
export async function readSystemAuthorities(): Promise<string | undefined> {
  const path = systemAuthorities.find((candidate) => existsSync(candidate));
  return path === undefined ? undefined : readFile(path, 'utf8');
}

/**
 * Reads a file that `[database] connection` names.
 *
 * @param parameter the URL parameter that names it
 * @throws DatabaseError when it cannot be read
 */
export async function readNamedFile(parameter: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new DatabaseError(
      `cannot read the file that parameter ${parameter} of [database] connection names: ${readDriverError(error).said}; correct its path there, or let this user read it`,
      'fatal',
    );
  }
}
