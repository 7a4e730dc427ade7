import { defineConfig } from 'vitest/config';

// The deployed template, with workers of its own that fill the machine: the demo, journeys, and every grant taken away
// in turn; and the API's tests and journeys as they are. Of these not the ones on bad input, thousands of requests that end
// before a function calls anything: they hold on the local system.
export default defineConfig({
  test: {
    include: [
      'test/rehearse/demo.test.ts',
      'test/rehearse/grants.test.ts',
      'test/api/*.test.ts',
      'test/journeys/*.test.ts',
    ],
    exclude: ['test/api/bad-*.test.ts'],
    env: { TARGET: 'rehearse' },
    setupFiles: ['test/support/seed.ts'],
    maxWorkers: 1,
    // A journey waits more than it works.
    maxConcurrency: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
