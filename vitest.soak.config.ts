import { defineConfig } from 'vitest/config';

/** Tests that go on for as long as one likes; `npm test` leaves them out. */
export default defineConfig({
  test: {
    globalSetup: ['test/support/servers-setup.ts'],
    projects: [
      { test: { name: 'soak', include: ['test/soak/**/*.test.ts'], hookTimeout: 120_000 } },
    ],
  },
});
