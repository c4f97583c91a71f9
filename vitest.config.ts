import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    // Machines that build things are slow; what never ends is still found.
    testTimeout: 30_000,
    coverage: { provider: 'v8', include: ['broker/**/*.ts', 'src/**/*.{ts,tsx}'] },
  },
});
