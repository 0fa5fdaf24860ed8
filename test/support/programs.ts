import { spawnSync } from 'node:child_process';
import { findServerPrograms } from './servers-binaries.js';

/** What a program said and how it ended. */
export interface ProgramRun {
  readonly code: number | null;
  /** stdout, then stderr */
  readonly output: string;
}

/** Runs a program that the tests need besides the servers, and waits for its end. */
export function runProgram(
  name: 'promtool' | 'systemdAnalyze',
  arguments_: readonly string[],
  input = '',
): ProgramRun {
  const program = findServerPrograms()[name];
  if (program === undefined) throw new Error(`${name} is not on this machine`);
  const { status, stdout, stderr } = spawnSync(program, arguments_, { input, encoding: 'utf8' });
  return { code: status, output: stdout + stderr };
}
