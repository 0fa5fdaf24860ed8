import type { MysqlTlsParameters } from '../connection-settings.ts';

/** How far the server's certificate is looked at, and the paths of the files that takes. */
export interface MysqlTls {
  /** the authority's certificate; undefined: those the system trusts */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly verifyCertificate: boolean;
  /** whether the certificate must be made out to the host connected to */
  readonly verifyIdentity: boolean;
}

/**
 * What the `ssl_` parameters mean (pymysql/connections.py, `_create_ssl_ctx`): an authority alone has certificate
 * and host name verified; where `ssl_verify_cert` or `ssl_verify_identity` is given, what is not asked for is not done.
 *
 * Under SQLAlchemy, PyMySQL forgets `ssl_ca` when one of these two stands beside it. That is not copied.
 *
 * @returns undefined when there is no such parameter
 */
export function resolveMysqlTls(parameters: MysqlTlsParameters): MysqlTls | undefined {
  const { ca, cert, key, verifyCertificate, verifyIdentity, checkHostname } = parameters;
  if (Object.values(parameters).every((value) => value === undefined)) return undefined;
  const chosen = verifyCertificate !== undefined || verifyIdentity !== undefined;
  const identity = verifyIdentity ?? checkHostname ?? !chosen;
  const certificate = verifyCertificate ?? (verifyIdentity === true || ca !== undefined);
  return {
    ca,
    cert,
    key,
    verifyCertificate: certificate,
    verifyIdentity: certificate && identity,
  };
}
