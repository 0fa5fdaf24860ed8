import { expect, test } from 'vitest';
import { readProcess } from '../../../bench/measure.ts';

const stat = '12 (a) b (c) S 1 12 12 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 11 0 100';

test('peak memory comes in bytes, CPU time of user and system in seconds', () => {
  expect(readProcess('Name:\tnode\nVmHWM:\t    2048 kB\n', stat)).toEqual({
    ...{ peakBytes: 2048 * 1024, cpuSeconds: 2 },
  });
});

test('a process that has ended has no memory to tell of', () => {
  expect(readProcess('Name:\tnode\nState:\tZ (zombie)\n', stat)).toBeUndefined();
});
