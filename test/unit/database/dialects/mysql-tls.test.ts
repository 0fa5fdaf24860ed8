import { describe, expect, it } from 'vitest';
import type { MysqlTlsParameters } from '../../../../src/database/connection-settings.ts';
import { resolveMysqlTls } from '../../../../src/database/dialects/mysql-tls.ts';

const NONE: MysqlTlsParameters = {
  ca: undefined,
  cert: undefined,
  key: undefined,
  verifyCertificate: undefined,
  verifyIdentity: undefined,
  checkHostname: undefined,
};

describe('TLS to MySQL', () => {
  it('is not asked for by a URL that says nothing of it', () => {
    expect(resolveMysqlTls(NONE)).toBeUndefined();
  });

  it.each<[Partial<MysqlTlsParameters>, certificate: boolean, identity: boolean]>([
    [{ ca: '/ca' }, true, true],
    [{ ca: '/ca', checkHostname: false }, true, false],
    [{ ca: '/ca', verifyCertificate: true }, true, false],
    [{ ca: '/ca', verifyCertificate: true, verifyIdentity: true }, true, true],
    [{ ca: '/ca', verifyIdentity: true }, true, true],
    [{ ca: '/ca', verifyIdentity: false }, true, false],
    [{ ca: '/ca', verifyCertificate: false }, false, false],
    [{ ca: '/ca', verifyCertificate: false, verifyIdentity: true }, false, false],
    [{ cert: '/c', key: '/k' }, false, false],
    [{ verifyCertificate: true }, true, false],
    [{ verifyIdentity: true }, true, true],
    [{ checkHostname: true }, false, false],
  ])('%o: certificate verified %s, host %s', (parameters, certificate, identity) => {
    expect(resolveMysqlTls({ ...NONE, ...parameters })).toMatchObject({
      verifyCertificate: certificate,
      verifyIdentity: identity,
    });
  });
});
