import { describe, expect, it } from 'vitest';
import { checkMaxLoad, observePauses } from '../../../src/commands/throttle.ts';
import { UsageError } from '../../../src/errors.ts';
import { pauseLines } from '../../../src/report/progress.ts';

/** An audience that writes down what it is told. */
function listen() {
  const told: string[] = [];
  const observer = observePauses({
    stop: { end: (reason) => told.push(`stop.end: ${reason}`) },
    terminal: { alert: (text) => told.push(`warning: ${text}`) },
    progress: pauseLines((line) => told.push(line)),
  });
  return { told, observer };
}

describe('pauses', () => {
  it('are told once at their begin and once at their end', () => {
    const { told, observer } = listen();
    observer.paused('Threads_running 41 > 25');
    observer.paused('Threads_running 30 > 25');
    observer.resumed(1_200);
    observer.paused('Threads_running 26 > 25');
    expect(told).toEqual([
      'paused: Threads_running 41 > 25',
      'going on after a pause of 2 s',
      'paused: Threads_running 26 > 25',
    ]);
  });

  it('that take too long end the run, which says what it waited for', () => {
    const { told, observer } = listen();
    observer.gaveUp('Threads_running 41 > 25');
    expect(told).toEqual([
      'stop.end: throttle',
      'warning: paused for 10 minutes without a break, at last for this reason: Threads_running 41 > 25; ' +
        'the run ends here: run it again when the server is calmer',
    ]);
  });
});

describe('--max-load', () => {
  const limits = [{ name: 'Threads_running', most: 25 }];

  it('goes with MySQL, and nowhere else', () => {
    expect(() => {
      checkMaxLoad(limits, { dialect: 'mysql' });
    }).not.toThrow();
    for (const dialect of ['postgresql', 'sqlite'] as const) {
      expect(() => {
        checkMaxLoad(limits, { dialect });
      }).toThrow(UsageError);
      expect(() => {
        checkMaxLoad([], { dialect });
      }).not.toThrow();
    }
  });
});
