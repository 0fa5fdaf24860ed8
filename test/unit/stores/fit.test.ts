import { describe, expect, it } from 'vitest';
import { likeness } from '../../../src/stores/fit.ts';

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
