import { defineConfig } from 'vitest/config';
import { createCountReporter } from './test/support/count-reporter.ts';

const project = (name: string, timeoutSeconds: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeoutSeconds * 1000,
    hookTimeout: 120_000,
  },
});

export default defineConfig({
  test: {
    globalSetup: ['test/support/servers-setup.ts'],
    reporters: ['default', createCountReporter()],
    projects: [
      project('unit', 10),
      project('parity', 30),
      project('integration', 60),
      project('e2e', 60),
    ],
  },
});
