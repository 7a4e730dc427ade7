import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    // Needs both cores for itself: npm run test:rehearse.
    exclude: [...configDefaults.exclude, 'test/rehearse/{demo,grants}.test.ts'],
    isolate: false,
    // Else one core is left idle.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
