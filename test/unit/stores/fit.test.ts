import { describe, expect, it } from 'vitest';
import { likeness, quoted, quotedFrom } from '../../../src/stores/fit.ts';

describe('likeness of names', () => {
  it.each([
    ['img-old', 'img', 3 / 8],
    ['images2-old', 'images2', 7 / 12],
    ['img', 'img', 3 / 4],
    ['x', 'img', 0],
    ['', 'img', 0],
    ['', '', 0],
  ])('of %s and %s', (name, configured, expected) => {
    expect(likeness(name, configured)).toBeCloseTo(expected);
  });

  it('does not look at image ids, so that it is the same for all images', () => {
    const images = ['1d000000-0000-4000-8000-000000000001', 'ab000000-0000-4000-8000-000000000001'];
    for (const configured of ['ab', 'xab', 'x1d0']) {
      const [one, other] = images.map((image) => likeness(`x${image}`, configured));
      expect(one).toBe(other);
    }
  });
});

it.each([
  ['AK:sec@h/b/1', 'sec', '"***"'],
  ['AK:b@h/b/1', 'b', '"b"'],
  ['h/b/1', 'b', '"b"'],
  ['h/b@c/1', 'b', '"***"'],
])('of %s the name %s is shown as %s', (rest, name, shown) => {
  expect(quotedFrom(rest, name)).toBe(shown);
});

it('quotes control characters harmlessly', () => {
  expect(quoted('a\u001b[2J"\n')).toBe('"a\\u001b[2J\\"\\n"');
});
