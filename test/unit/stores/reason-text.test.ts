import { expect, it } from 'vitest';
import { describeHost, quoted, quotedFrom } from '../../../src/stores/reason-text.ts';

it.each([
  ['AK:sec@h/b/1', 'sec', '"***"'],
  ['AK:b@h/b/1', 'b', '"b"'],
  ['h/b/1', 'b', '"b"'],
  ['h/b@c/1', 'b', '"***"'],
  ['h/b?token=sec', 'b?token=sec', '"***"'],
  ['AK:sec%40h/b', 'AK:sec@h', '"***"'],
  ['AK:sec/b', 'sec', '"***"'],
  ['f/my%20pool/1', 'my pool', '"my pool"'],
])('of %s the name %s is shown as %s', (rest, name, shown) => {
  expect(quotedFrom(rest, name)).toBe(shown);
});

it('quotes control characters harmlessly', () => {
  expect(quoted('a\u001b[2J"\n')).toBe('"a\\u001b[2J\\"\\n"');
});

it.each([
  ['AK:sec/ret@old.example.com/b', 'host "old.example.com"'],
  ['old.example.com:9000/b', 'host "old.example.com:9000"'],
  ['AK:s@[2001:db8::1]:80/b', 'host "[2001:db8::1]:80"'],
  ['AKIA:secret/b', 'the host'],
  ['AKIA:secret%40old.example.com/b', 'host "old.example.com"'],
  ['h/b?a=x@secret', 'the host'],
  ['', 'the host'],
])('of %s messages say: %s', (rest, words) => {
  expect(describeHost(rest)).toBe(words);
});
