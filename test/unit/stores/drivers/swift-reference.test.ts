import { describe, expect, it } from 'vitest';
import { ConfError } from '../../../../src/conf/mistake.ts';
import { configure, imageId, inWords, matcherOf } from '../../../support/conf-stores.ts';

const files = {
  'swift.conf': `[ref1]
user = service:glance
key = s3cr3t
auth_address = https://ks.example.com:5000/v3/
[ref2]
user = other:glance
key = "quoted key"
auth_address = http://ks2.example.com/v3
[partial]
user = a:b
auth_address = https://k/v3
`,
  'more.conf': '[ref3]\nuser = x:y\nkey = k\nauth_address = https://ks3\n',
  'broken.conf': 'user = a\n',
  'percent.conf': '[ref1]\nuser = x:y\nkey = 50%\nauth_address = https://ks3\n',
};

function prefixesOf(text: string): unknown {
  const { stores } = configure(text, { files });
  return stores
    .filter(({ reserved }) => !reserved)
    .map(({ urlPrefix }) => (urlPrefix.kind === 'known' ? urlPrefix.value : urlPrefix.why));
}

describe('the prefix of a swift store with a reference file', () => {
  it.each([
    ['', 'swift+config://ref1/glance/'],
    ['default_swift_reference = ref2\nswift_store_container = one\n', 'swift+config://ref2/one/'],
    [
      'default_swift_reference = nowhere\n',
      'default_swift_reference "nowhere" is no section with auth_address, user and key in swift_store_config_file',
    ],
    [
      'default_swift_reference = partial\n',
      'default_swift_reference "partial" is no section with auth_address, user and key in swift_store_config_file',
    ],
    [
      'swift_store_config_file = gone.conf\n',
      'swift_store_config_file: gone.conf: there is no such file',
    ],
    [
      'swift_store_config_file = broken.conf\n',
      'swift_store_config_file: broken.conf:1: a line stands before any [section]',
    ],
    [
      'swift_store_multi_tenant = true\n',
      'swift_store_multi_tenant and swift_store_config_file exclude each other; remove one of them',
    ],
  ])('with %j is: %s', (options, expected) => {
    const text = `[DEFAULT]\nenabled_backends = sw:swift\n[sw]\nswift_store_config_file = swift.conf\n`;
    expect(prefixesOf(text + options)).toEqual([expected]);
  });

  it('may be that of a reference in an earlier store’s file', () => {
    const store = (file: string, ref: string) =>
      `swift_store_config_file = ${file}\ndefault_swift_reference = ${ref}\n`;
    const text = `[DEFAULT]\nenabled_backends = a:swift, b:swift, c:swift
[a]\n${store('more.conf', 'ref1')}[b]\n${store('swift.conf', 'ref1')}[c]\n${store('swift.conf', 'ref3')}`;
    expect(prefixesOf(text)).toEqual([
      'default_swift_reference "ref1" is no section with auth_address, user and key in swift_store_config_file',
      'swift+config://ref1/glance/',
      'swift+config://ref3/glance/',
    ]);
  });

  it('is not asked of [backend_defaults], as upstream does not', () => {
    const text =
      '[DEFAULT]\nenabled_backends = sw:swift\n[backend_defaults]\nswift_store_config_file = swift.conf\n';
    expect(prefixesOf(text)).toEqual([expect.stringContaining('swift_store_auth_address')]);
  });

  it('is none where a percent sign keeps Glance from starting, which two stores tell once', () => {
    const text = `[DEFAULT]\nenabled_backends = a:swift, b:swift
[a]\nswift_store_config_file = percent.conf\n[b]\nswift_store_config_file = percent.conf\n`;
    const refusal = catchConfError(() => configure(text, { files }));
    expect(refusal.mistakes).toHaveLength(1);
    expect(refusal.message).toMatch(/^percent\.conf:3: \[ref1\] key: /);
    expect(refusal.message).not.toContain('50%');
  });
});

describe('which URLs are those of a swift store with a reference file', () => {
  const matcher = matcherOf(
    `[DEFAULT]
enabled_backends = a:swift, b:swift
[a]
swift_store_config_file = swift.conf
swift_store_container = one
default_swift_reference = ref2
[b]
swift_store_config_file = swift.conf
`,
    { files },
  );

  it.each([
    ['swift+config://ref2/one/ID', 'a', null],
    ['swift+config://ref1/glance/ID', 'b', null],
    ['swift+config://ref1/one/ID', 'a', 'config-reference'],
    ['swift+config://ref2/glance/ID', 'b', 'config-reference'],
    ['swift+http://other%3Aglance:old@ks2.example.com/v3/one/ID', 'a', 'config-reference'],
    ['swift://service%3Aglance:x@ks.example.com:5000/v3/glance/ID', 'b', 'config-reference'],
  ])('%s lies in %s (%s)', (url, store, rule) => {
    const match = matcher(url.replace('ID', imageId), imageId);
    expect(match).toMatchObject({ kind: 'one', store });
    expect(match.kind === 'one' && match.deviation?.rule).toBe(rule ?? undefined);
  });

  it.each([
    ['swift+config://ref1/two/ID', 'container "two" is not "glance"'],
    ['swift+config://ref9/one/ID', 'reference "ref9" is not in swift_store_config_file'],
    ['swift+config://partial/one/ID', 'reference "partial" is not in swift_store_config_file'],
    ['swift+config://REF2/one/ID', 'reference "REF2" is not in swift_store_config_file'],
    ['swift+config://ref2/one/', 'the URL names no object'],
    [
      'swift+https://service%3Aglance:x@ks.example.com:5000/v3/one/ID',
      'container "one" is not "glance"',
    ],
    [
      'swift+https://other%3Aglance:x@ks.example.com:5000/v3/glance/ID',
      "the URL's user is not the store's",
    ],
  ])('%s lies in none: %s', (url, reason) => {
    expect(inWords(matcher(url.replace('ID', imageId), imageId))).toBe(`none: ${reason}`);
  });

  it('go to the store that has the reference as its default, if one with that container does', () => {
    const both = matcherOf(
      `[DEFAULT]\nenabled_backends = a:swift, b:swift
[a]\nswift_store_config_file = swift.conf\n
[b]\nswift_store_config_file = swift.conf\ndefault_swift_reference = ref2\n`,
      { files },
    );
    expect(inWords(both(`swift+config://ref2/glance/${imageId}`, imageId))).toBe('b');
    expect(inWords(both(`swift+config://ref1/glance/${imageId}`, imageId))).toBe('a');
  });
});

describe('a store whose reference file is not here', () => {
  const text = `[DEFAULT]
enabled_backends = a:swift, b:swift
[a]
swift_store_config_file = gone.conf
default_swift_reference = ref1
[b]
swift_store_config_file = swift.conf
default_swift_reference = ref2
`;
  const matcher = matcherOf(text, { files });

  it('keeps its own URLs from another store that knows its reference', () => {
    expect(inWords(matcher(`swift+config://ref1/glance/${imageId}`, imageId))).toBe(
      'none: store a is out of order; "stores" says why',
    );
  });

  it('leaves the other store its own', () => {
    expect(inWords(matcher(`swift+config://ref2/glance/${imageId}`, imageId))).toBe('b');
  });
});

function catchConfError(action: () => unknown): ConfError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

it('credentials end at the address of any store, be it in a reference file', () => {
  const matcher = matcherOf(
    `[DEFAULT]
enabled_backends = ref:swift, single:swift
[ref]
swift_store_config_file = swift.conf
[single]
swift_store_auth_address = https://ks3/v3
swift_store_user = t:u
swift_store_key = k
`,
    { files },
  );
  const store = (rest: string) =>
    inWords(matcher(`swift+https://t%3Au:k@ks3/v3/glance/${rest}/glance/${imageId}`, imageId));
  expect(store('x@ks.example.com:5000/v3')).toMatch(/^none: /);
  expect(store('x@elsewhere/v3')).toBe('single');
});
