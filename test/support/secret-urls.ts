import fc from 'fast-check';

/** A URL, and the secret in it. */
export interface SecretUrl {
  readonly url: string;
  readonly secret: string;
}

/** What no host, path or parameter of these URLs holds: found in an output, it comes from a secret. */
const piece = fc.constantFrom('zq1', 'Zq2', 'zQ3', 'zq4zq', 'q7z');

/** Whatever separates parts of a URL, plain and encoded. */
const separator = fc.constantFrom(
  ...['/', '?', '#', '&', ';', '=', '==', '@', ':', '+', '%', '.', '-', '\n', ' ', '://'],
  ...['%40', '%2F', '%3A', '%3F', '%23', '%26', '%3D', '%2540', '%253A'],
);

const secrets = fc
  .tuple(
    piece,
    fc.array(fc.tuple(separator, piece), { maxLength: 4 }),
    fc.constantFrom('', '==', '='),
  )
  .map(([first, rest, end]) => first + rest.flat().join('') + end)
  .chain((text) => fc.constantFrom(text, encodeURIComponent(text)));

const schemes = fc.constantFrom(
  ...['s3', 's3+https', 'swift+https', 'swift+config', 'https', 'http', 'rbd', 'cinder', 'vsphere'],
  ...['file', 'ftp', 'S3+HTTPS'],
);
const users = fc.constantFrom('user:', 'service%3Aglance:', 'service%3Aglance%3A', 'a/b:');
const hosts = fc.constantFrom('h', 's3.example.com', 'ks:5000/v3', '[2001:db8::1]:80', 'vc', '');
const paths = fc.constantFrom('', '/', '/b', '/b/object', '/folder/img/x', '/b/c/d/e');
const queries = fc.constantFrom('', '?dcPath=dc&dsName=ds', '?x=1&token=', '#');

/** URLs with a secret in their credentials or their query, well formed or not. */
export const secretUrls: fc.Arbitrary<SecretUrl> = fc
  .record({
    secret: secrets,
    scheme: schemes,
    user: users,
    host: hosts,
    path: paths,
    query: queries,
  })
  .chain(({ secret, scheme, user, host, path, query }) => {
    // Without an `@` at their end credentials are known by the colon in the host's place, if at all.
    const unended = /@|%(25)*40/.test(secret) ? 'zq1' : secret;
    return fc
      .constantFrom(
        `${scheme}://user:${unended}${path}${query}`,
        `${scheme}:user:${unended}`,
        `user:${unended}`,
        `${scheme}://${user}${secret}@${host}${path}${query}`,
        `${scheme}://${user}${secret}%40${host}${path}${query}`,
        `${scheme}:/${user}${secret}@${host}${path}`,
        `${user}${secret}@${host}${path}`,
        `${scheme}://${host}${path}?token=${secret}`,
        `${scheme}://${host}${path}?a=b@c&token=${secret}`,
        `${scheme}://${host}${path}?dcPath=dc&sig=${secret}&dsName=ds`,
        `${scheme}://${host}${path}?${secret}`,
        `${scheme}://${host}${path}#${secret}`,
        `${scheme}://${user}x@${host}${path}?token=${secret}`,
        `${scheme}://${host}/b/i%3Ftoken%3D${secret}`,
      )
      .map((url) => ({ url, secret }));
  });

/** The pieces of a secret; each is as telling as the whole. */
export function piecesOf(secret: string): readonly string[] {
  return secret.match(/zq1|Zq2|zQ3|zq4zq|q7z/g) ?? [];
}
