import { execFileSync } from 'node:child_process';
import { chmod, chown, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { serverProgram, type ServerUser } from './servers-process.ts';

/** Paths of a certificate authority, a server's certificate that it signed, and another authority. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly otherCa: string;
}

/**
 * Makes certificates in a folder. The server's is good for 127.0.0.1 and `db.example.org`, and for no other name.
 *
 * @param user who must be able to read the key, and nobody else
 */
export async function makeCertificates(folder: string, user?: ServerUser): Promise<Certificates> {
  const file = (name: string) => path.join(folder, name);
  makeAuthority(file('ca.key'), file('ca.pem'), 'Test CA');
  makeAuthority(file('other-ca.key'), file('other-ca.pem'), 'Another CA');
  const names = 'subjectAltName=IP:127.0.0.1,DNS:db.example.org\n';
  await writeFile(file('names.ext'), names);
  openssl('req', ...newKey(file('server.key')), '-out', file('server.csr'), ...subject('server'));
  openssl(
    ...['x509', '-req', '-days', '30', '-in', file('server.csr'), '-out', file('server.pem')],
    ...['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial'],
    ...['-extfile', file('names.ext')],
  );
  await chmod(file('server.key'), 0o600);
  if (user !== undefined) await chown(file('server.key'), user.uid, user.gid);
  return {
    ca: file('ca.pem'),
    cert: file('server.pem'),
    key: file('server.key'),
    otherCa: file('other-ca.pem'),
  };
}

function makeAuthority(key: string, out: string, name: string): void {
  openssl('req', '-x509', '-days', '30', ...newKey(key), '-out', out, ...subject(name));
}

function newKey(file: string): readonly string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file];
}

function subject(name: string): readonly string[] {
  return ['-subj', `/CN=${name}`];
}

function openssl(...args: readonly string[]): void {
  execFileSync(serverProgram('openssl'), args, { stdio: 'pipe' });
}
