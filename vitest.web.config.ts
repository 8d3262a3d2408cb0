import { defineConfig } from 'vitest/config'

// Real pages in a real browser against the built server: slow, and one at a time, so that two of them do not fight for the processor.
export default defineConfig({
  test: {
    include: ['tests/web/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    // A busy machine takes its time; what is waited for must come all the same.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 90_000,
  },
})
