import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Run, runAndReport } from '../../../src/commands/run.ts';
import { DatabaseError } from '../../../src/database/errors.ts';
import { exitCode, type ExitCode } from '../../../src/exit-code.ts';
import { noJournal } from '../../../src/journal/journal.ts';
import { openTerminal } from '../../../src/terminal.ts';

let said: string[];
beforeEach(() => {
  said = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A run that fails, with --quiet. */
function fail(signalExitCode: ExitCode | undefined): Promise<ExitCode> {
  const run = {
    terminal: openTerminal('quiet'),
    journal: noJournal,
    stop: { signalExitCode: () => signalExitCode },
  } as unknown as Run;
  return runAndReport(run, {
    work: () => Promise.reject(new DatabaseError('db1 has gone', 'fatal')),
    codeWhenComplete: () => exitCode.done,
    report: () => Promise.resolve(),
  });
}

it('a failure after a signal is printed also with --quiet, and the exit code tells of the signal', async () => {
  expect(await fail(exitCode.interrupted)).toBe(exitCode.interrupted);
  expect(said).toEqual(['db1 has gone\n']);
});

it('a failure without a signal is left to whoever ends the program', async () => {
  await expect(fail(undefined)).rejects.toThrow('db1 has gone');
  expect(said).toEqual([]);
});
