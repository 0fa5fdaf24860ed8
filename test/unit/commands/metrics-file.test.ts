import { describe, expect, it } from 'vitest';
import { successCodes } from '../../../src/commands/metrics-file.ts';
import { exitCode } from '../../../src/exit-code.ts';

describe('the exit codes of a success', () => {
  it('are those of runs that came to the end of the table without a failure', () => {
    const codes = Object.values(exitCode);
    expect(codes.filter((code) => successCodes.has(code))).toEqual([0, 3, 4]);
  });
});
