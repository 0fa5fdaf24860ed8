import { describe, expect, it } from 'vitest';
import { configure, imageId, inWords, matcherOf } from '../../../support/conf-stores.ts';

const account = `swift_store_auth_address = https://ks.example.com:5000/v3/
swift_store_user = service:glance
swift_store_key = p@ss/w:rd
`;

function prefixOf(options: string): unknown {
  return configure(`[DEFAULT]\nenabled_backends = sw:swift\n[sw]\n${options}`).stores[0]?.urlPrefix;
}

describe('the prefix of a single-tenant swift store', () => {
  const credentials = `swift_store_application_credential_id = i
swift_store_application_credential_secret = s
`;

  it.each([
    [account, 'swift+https://service%3Aglance:p%40ss/w%3Ard@ks.example.com:5000/v3/glance/'],
    [
      `${account}swift_store_auth_address = http://10.1.2.3/auth/v1.0\nswift_store_container = /c/\n`,
      'swift+http://service%3Aglance:p%40ss/w%3Ard@10.1.2.3/auth/v1.0/c/',
    ],
    [
      `${account}swift_store_auth_version = 1\n`,
      'swift+https://service%3Aglance:p%40ss/w%3Ard@ks.example.com:5000/v3/glance/',
    ],
    [account + credentials, 'swift+https://ks.example.com:5000/v3/glance/'],
    [`swift_store_auth_address = ks\n${credentials}`, 'swift+https://ks/glance/'],
  ])('with %j is %s', (options, value) => {
    expect(prefixOf(options)).toEqual({ kind: 'known', value });
  });

  it.each(['', 'swift_store_user = u\nswift_store_key = k\n', credentials])(
    'is none with %j',
    (options) => {
      expect(prefixOf(options)).toMatchObject({ kind: 'none' });
    },
  );
});

describe('which URLs are a single-tenant swift store’s', () => {
  const matcher = matcherOf(`[DEFAULT]
enabled_backends = img:swift, img2:swift, other:swift, cred:swift
[img]
${account}swift_store_container = img
[img2]
${account}swift_store_container = img2
[other]
${account}swift_store_user = other:glance
swift_store_container = img
[cred]
${account}swift_store_user =
swift_store_key =
swift_store_application_credential_id = i
swift_store_application_credential_secret = s
swift_store_container = bare
`);
  const login = 'service%3Aglance:p%40ss/w%3Ard';

  it.each([
    [`swift+https://${login}@ks.example.com:5000/v3/img/ID`, 'img', null],
    [`swift+https://${login}@ks.example.com:5000/v3/img2/ID`, 'img2', null],
    ['swift+https://service%3Aglance:old@ks.example.com:5000/v3/img/ID', 'img', 'credentials'],
    ['swift+https://service%3aglance:old@ks.example.com:5000/v3/img/ID', 'img', 'credentials'],
    ['swift+https://service:glance:a/b+@c@ks.example.com:5000/v3/img/ID', 'img', 'credentials'],
    ['swift+https://other%3Aglance:x@ks.example.com:5000/v3/img/ID', 'other', 'credentials'],
    [`swift://${login}@ks.example.com:5000/v3/img/ID`, 'img', 'scheme-synonym'],
    ['swift+https://ks.example.com:5000/v3/bare/ID', 'cred', null],
  ])('%s lies in %s (%s)', (url, store, rule) => {
    const match = matcher(url.replace('ID', imageId), imageId);
    expect(match).toMatchObject({ kind: 'one', store });
    expect(match.kind === 'one' && match.deviation?.rule).toBe(rule ?? undefined);
  });

  it.each([
    [`swift+https://${login}@ks.example.com:5000/v3/img3/ID`, 'container "img3" is not "img"'],
    [
      `swift+https://${login}@ks.example.com:5000/v3/img2-old/ID`,
      'container "img2-old" is not "img2"',
    ],
    [`swift+https://${login}@ks.example.com:5000/v3/imgID`, 'container "img<id>" is not "img"'],
    [`swift+https://${login}@ks.example.com:5000/v3/img/`, 'the URL names no object'],
    [
      `swift+https://${login}@ks.example.com:5000/v2.0/img/ID`,
      'the auth address is not "ks.example.com:5000/v3"',
    ],
    [
      `swift+http://${login}@ks.example.com:5000/v3/img/ID`,
      'scheme swift+http is not swift+https, which the auth address asks for',
    ],
    [
      'swift+https://nobody%3Aglance:x@ks.example.com:5000/v3/img/ID',
      "the URL's user is not the store's",
    ],
    ['swift+https://ks.example.com:5000/v3/img/ID', 'container "img" is not "bare"'],
    [
      'swift+https://service%3Aglance:x@ks.example.com:5000/v3/bare/ID',
      'container "bare" is not "img"',
    ],
    [
      'swift+config://ref1/img/ID',
      'the URL names a reference, and the store has no swift_store_config_file',
    ],
  ])('%s lies in none: %s', (url, reason) => {
    const said = inWords(matcher(url.replace('ID', imageId), imageId));
    // Of several stores that are equally near each has its reason.
    expect(said).toMatch(/^none: /);
    expect(said).toContain(reason);
  });

  it('are none without credentials, where the store is known by its user', () => {
    const one = matcherOf(`[DEFAULT]\nenabled_backends = sw:swift\n[sw]\n${account}`);
    const url = `swift+https://ks.example.com:5000/v3/glance/${imageId}`;
    expect(inWords(one(url, imageId))).toBe('none: the URL has no credentials');
  });
});

describe('swift_store_multiple_containers_seed', () => {
  function storeOf(seed: number, url: string): string {
    const matcher = matcherOf(
      `[DEFAULT]\nenabled_backends = sw:swift\n[sw]\n${account}swift_store_multiple_containers_seed = ${seed}\n`,
    );
    return inWords(matcher(url, imageId));
  }
  const base = 'swift+https://service%3Aglance:x@ks.example.com:5000/v3';

  // The image id is 1d5f0000-aaaa-4bbb-8ccc-000000000001.
  it.each([
    [2, 'glance_1d', 'sw'],
    [2, 'glance', 'sw'],
    [8, 'glance_1d5f0000', 'sw'],
    [9, 'glance_1d5f0000-a', 'sw'],
    [32, 'glance_1d5f0000-aaaa-4bbb-8ccc-000000000001', 'sw'],
  ])('of %d: container %s lies in %s', (seed, container, expected) => {
    expect(storeOf(seed, `${base}/${container}/${imageId}`)).toBe(expected);
  });

  it.each([
    [0, 'glance_1d', 'none: container "glance_1d" is not "glance"'],
    [
      2,
      'glance_1e',
      'none: container "glance_1e" is not "glance" or "glance_" with 2 characters of the image id',
    ],
    [
      2,
      'glance_1d5',
      'none: container "glance_1d5" is not "glance" or "glance_" with 2 characters of the image id',
    ],
  ])('of %d: container %s lies in none', (seed, container, expected) => {
    expect(storeOf(seed, `${base}/${container}/${imageId}`)).toBe(expected);
  });

  it('takes a plain store of the same container for as good', () => {
    const matcher = matcherOf(`[DEFAULT]
enabled_backends = seed:swift, plain:swift
[seed]
${account}swift_store_multiple_containers_seed = 1
[plain]
${account}swift_store_container = glance_1
`);
    expect(inWords(matcher(`${base}/glance_1/${imageId}`, imageId))).toBe('seed or plain');
    const other = imageId.replace('1', '2');
    expect(inWords(matcher(`${base}/glance_1/${other}`, other))).toBe('plain');
  });
});
