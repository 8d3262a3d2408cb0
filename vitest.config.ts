import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/web/**'],
    pool: 'forks',
    testTimeout: 30_000,
    // A busy machine takes its time; what is waited for must come all the same.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
  },
})
