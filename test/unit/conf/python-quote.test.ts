import { describe, expect, it } from 'vitest';
import { quote, quoteAll, unquote } from '../../../src/conf/python-quote.ts';

describe('percent encoding as Python does it', () => {
  it.each([
    ['my pool', 'my%20pool', 'my%20pool'],
    ['x/y', 'x%2Fy', 'x/y'],
    ["p~._-!*'()", 'p~._-%21%2A%27%28%29', 'p~._-%21%2A%27%28%29'],
    ['tenant:user', 'tenant%3Auser', 'tenant%3Auser'],
    ['a+b%c', 'a%2Bb%25c', 'a%2Bb%25c'],
    ['é€😀', '%C3%A9%E2%82%AC%F0%9F%98%80', '%C3%A9%E2%82%AC%F0%9F%98%80'],
  ])('encodes %s', (text, all, path) => {
    expect(quoteAll(text)).toBe(all);
    expect(quote(text)).toBe(path);
  });

  it.each([
    ['tenant%3auser', 'tenant:user'],
    ['a%2', 'a%2'],
    ['%zz%41', '%zzA'],
    ['a+b', 'a+b'],
    ['%ff', '\ufffd'],
    ['%EF%BB%BFx', '\ufeffx'],
    ['%C3%A9', 'é'],
  ])('decodes %s', (text, decoded) => {
    expect(unquote(text)).toBe(decoded);
  });
});
