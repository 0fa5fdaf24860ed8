import type { Reporter, TestModule } from 'vitest/node';

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * A vitest reporter whose `N passed, N failed` is the last line of the run, for a machine to read.
 *
 * Only a test that ran and passed is `passed`. A skipped or unfinished test, a file or suite that
 * could not be set up, and an error outside any test each count as one `failed`: a run that did
 * not try everything must not look complete.
 */
export function createCountReporter(): Reporter {
  let planned = 0;
  let counts: Counts = { passed: 0, failed: 1 }; // stays, if vitest ends before its tests do
  return {
    onInit: () => {
      // Only at exit: other reporters, global teardown and vitest itself print after the run's end.
      // First of the listeners: vitest's own ends the process when a worker has died.
      process.prependOnceListener('exit', () => process.stdout.write(renderCounts(counts)));
    },
    onTestRunStart: (specifications) => {
      planned = specifications.length;
    },
    onTestRunEnd: (modules, unhandledErrors, reason) => {
      const perModule = modules.map(countModule);
      const neverLoaded = planned - modules.length;
      const failed = sum(perModule, 'failed') + neverLoaded + unhandledErrors.length;
      counts = {
        passed: sum(perModule, 'passed'),
        failed: reason === 'passed' ? failed : Math.max(failed, 1),
      };
    },
  };
}

function countModule(module: TestModule): Counts {
  const states = Array.from(module.children.allTests(), (test) => test.result().state);
  const passed = states.filter((state) => state === 'passed').length;
  const suites = [module, ...module.children.allSuites()];
  const brokenSuites = suites.filter((suite) => suite.errors().length > 0).length;
  const failed = states.length - passed + brokenSuites;
  return { passed, failed: states.length === 0 ? Math.max(failed, 1) : failed };
}

const sum = (counts: readonly Counts[], key: keyof Counts): number =>
  counts.reduce((total, count) => total + count[key], 0);

const renderCounts = ({ passed, failed }: Counts): string => `${passed} passed, ${failed} failed\n`;
