import { defineConfig } from 'vitest/config';

// The deployed template with the demo, a journey of large bodies and a grant less: workers of its own fill the machine.
export default defineConfig({ test: { include: ['test/rehearse/demo.test.ts'], hookTimeout: 60_000 } });
