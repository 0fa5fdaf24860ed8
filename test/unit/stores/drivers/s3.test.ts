import { describe, expect, it } from 'vitest';
import { configure, imageId, inWords, matcherOf } from '../../../support/conf-stores.ts';

function store(host: string, bucket: string, credentials = 'AK:sec/r+t@=') {
  const [access = '', secret = ''] = credentials.split(':');
  return `s3_store_host = ${host}\ns3_store_bucket = ${bucket}
s3_store_access_key = ${access}\ns3_store_secret_key = ${secret}\n`;
}

describe('the prefix of an s3 store', () => {
  it.each([
    ['https://s3.example.com', 's3+https://AK:sec/r+t@=@s3.example.com/b'],
    ['http://s3.example.com:9000', 's3://AK:sec/r+t@=@s3.example.com:9000/b'],
    ['s3.example.com', 's3://AK:sec/r+t@=@s3.example.com/b'],
    ['https://s3.example.com/', 's3+https://AK:sec/r+t@=@s3.example.com//b'],
  ])('with host %s is %s', (host, value) => {
    const { stores } = configure(`[DEFAULT]\nenabled_backends = s:s3\n[s]\n${store(host, 'b')}`);
    expect(stores[0]?.urlPrefix).toEqual({ kind: 'known', value });
  });

  it('is none while options are missing', () => {
    const { stores } = configure('[DEFAULT]\nenabled_backends = s:s3\n[s]\ns3_store_host = h\n');
    expect(stores[0]?.urlPrefix).toEqual({
      kind: 'none',
      why: 's3_store_access_key, s3_store_secret_key, s3_store_bucket are not set; set them',
    });
  });
});

describe('which URLs are an s3 store’s', () => {
  const matcher = matcherOf(`[DEFAULT]
enabled_backends = b:s3, b2:s3, plain:s3, slash:s3
[b]
${store('https://s3.example.com', 'b')}
[b2]
${store('https://s3.example.com', 'b2')}
[plain]
${store('http://s3.example.com:9000', 'img')}
[slash]
${store('https://rgw.example.com/swift/', 'b')}
`);

  it.each([
    ['s3+https://AK:sec/r+t@=@s3.example.com/b/ID', 'b', null],
    ['s3+https://AK:sec/r+t@=@s3.example.com/b2/ID', 'b2', 'path-boundary'],
    ['s3+https://s3.example.com/b/ID', 'b', 'credentials'],
    ['s3+https://AK:old@key/x@s3.example.com/b/ID', 'b', 'credentials'],
    ['s3+https://AK@s3.example.com/b/ID', 'b', 'credentials'],
    ['s3+https://OLD:s@s3.example.com/b@s3.example.com/b2/ID', 'b2', 'credentials'],
    ['s3+https://AK:sec/r+t@=@s3.example.com/b/sub/ID?x=a@b', 'b', null],
    ['s3://AK:sec/r+t@=@s3.example.com:9000/img/ID', 'plain', null],
    ['s3+http://AK:sec/r+t@=@s3.example.com:9000/img/ID', 'plain', 'scheme-synonym'],
    ['S3+HTTPS://AK:sec/r+t@=@s3.example.com/b/ID', 'b', 'scheme-synonym'],
    ['s3+https://AK:sec/r+t@=@rgw.example.com/swift/b/ID', 'slash', 'path-spelling'],
  ])('%s lies in %s (%s)', (url, expected, rule) => {
    const match = matcher(url.replace('ID', imageId), imageId);
    expect(match).toMatchObject({ kind: 'one', store: expected });
    expect(match.kind === 'one' && match.deviation?.rule).toBe(rule ?? undefined);
  });

  it.each([
    ['s3+https://AK:s@s3.example.com/b3/ID', 'bucket "b3" is not "b"'],
    ['s3+https://AK:s@s3.example.com/b2-old/ID', 'bucket "b2-old" is not "b2"'],
    ['s3+https://AK:s@s3.example.com/bID', 'bucket "b<id>" is not "b"'],
    ['s3+https://AK:s@s3.example.com/b', 'the URL names no object'],
    ['s3+https://AK:s@s3.example.com/b//', 'the URL names no object'],
    [
      's3+https://AK:s@s4.example.com/b/ID',
      'b, b2: host "s4.example.com" is not "s3.example.com"; ' +
        'plain: host "s4.example.com" is not "s3.example.com:9000"; ' +
        'slash: host "s4.example.com" is not "rgw.example.com/swift"',
    ],
    [
      's3+https://AK:sec/s3.example.com/b/ID',
      'b, b2: the host is not "s3.example.com"; plain: the host is not "s3.example.com:9000"; ' +
        'slash: the host is not "rgw.example.com/swift"',
    ],
    ['s3+https://s3.example.com/AK:sec@x/ID', 'bucket "***" is not "b"'],
    ['s3://AK:s@s3.example.com/b/ID', 'scheme s3 is not s3+https, which s3_store_host asks for'],
    [
      's3+https://AK:s@s3.example.com:9000/img/ID',
      'scheme s3+https is not s3, which s3_store_host asks for',
    ],
  ])('%s lies in none: %s', (url, reason) => {
    const said = inWords(matcher(url.replace('ID', imageId), imageId));
    // Of several stores that are equally near each has its reason.
    expect(said).toMatch(/^none: /);
    expect(said).toContain(reason);
  });

  it('names the bucket most like it as the nearest', () => {
    const match = matcher(`s3+https://s3.example.com/b2-old/${imageId}`, imageId);
    expect(match).toMatchObject({ kind: 'none', nearestStore: 'b2' });
  });
});

describe('two s3 stores on one bucket', () => {
  const matcher = matcherOf(`[DEFAULT]
enabled_backends = one:s3, two:s3
[one]
${store('https://h', 'b', 'AK1:s1')}
[two]
${store('https://h', 'b', 'AK2:s2')}
`);

  it.each([
    ['s3+https://AK1:s1@h/b/ID', 'one'],
    ['s3+https://AK2:s2@h/b/ID', 'two'],
    ['s3+https://AK2:old/secret@h/b/ID', 'two'],
    ['s3+https://AK3:s3@h/b/ID', 'one or two'],
    ['s3+https://h/b/ID', 'one or two'],
  ])('%s lies in %s', (url, expected) => {
    expect(inWords(matcher(url.replace('ID', imageId), imageId))).toBe(expected);
  });
});

describe('credentials that hold the host of a store', () => {
  const matcher = matcherOf(`[DEFAULT]
enabled_backends = one:s3, two:s3, keyless:s3
[one]
s3_store_host = https://one.example.com
s3_store_bucket = b
s3_store_access_key = A1
s3_store_secret_key = s@two.example.com/b/x
[two]
s3_store_host = https://two.example.com
s3_store_bucket = b
s3_store_access_key = A2
s3_store_secret_key = s@one.example.com/b/x
[keyless]
s3_store_host = https://three.example.com/
`);

  it.each([
    ['s3+https://A1:s@two.example.com/b/x@one.example.com/b/ID', 'one'],
    ['s3+https://A9:s@two.example.com/b/x@one.example.com/b/ID', 'one'],
    ['s3+https://A9:s@one.example.com/b/x@two.example.com/b/ID', 'two'],
    ['s3+https://A1:s@four.example.com/b/x@one.example.com/b/ID', 'one'],
    ['s3+https://one.example.com/b/ID', 'one'],
  ])('%s lies in %s', (url, store) => {
    expect(inWords(matcher(url.replace('ID', imageId), imageId))).toBe(store);
  });

  it('end at the host of a store that is out of order, too', () => {
    const url = `s3+https://A2:s@one.example.com/b/x@three.example.com/b/${imageId}`;
    expect(inWords(matcher(url, imageId))).toMatch(/^none: /);
  });
});
