import { expect, it } from 'vitest';
import { quoteValue } from '../../../src/conf/faults.ts';

const fault = { problem: 'repeats a name in item 2', remedy: 'name each item differently' };

it('a value is quoted, as far as one can take it in', () => {
  expect(quoteValue('a:file, a:rbd', false, fault).problem).toBe(
    '"a:file, a:rbd" repeats a name in item 2',
  );
  const { problem } = quoteValue('x'.repeat(5_000), false, fault);
  expect(problem).toBe(`"${'x'.repeat(200)}…" repeats a name in item 2`);
});

it('a secret is not quoted', () => {
  expect(quoteValue('s3cret', true, fault).problem).toBe('the value repeats a name in item 2');
});
