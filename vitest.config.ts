import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

// The root may be a symbolic link (scripts/plain-root.ts), and has to stay one.
const resolve = { preserveSymlinks: true }

export default defineConfig({
  resolve,
  test: {
    // .ci/run counts the tests from this report.
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'node_modules/.cache/vitest.json' }]]
      : ['default'],
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          provide: { program: 'server/cli.ts' },
          include: ['test/{repository,shared,server,web}/**/*.test.ts'],
          environment: 'node',
          testTimeout: 20_000,
          // The tokens of the page are read, not only imported.
          css: true,
        },
        plugins: [svelte()],
      },
      {
        resolve,
        test: {
          name: 'e2e',
          provide: { program: 'dist/server/cli.js' },
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A browser on a busy machine: long enough that only what never happens fails.
          expect: { poll: { interval: 20, timeout: 20_000 } },
          fileParallelism: false,
        },
      },
    ],
  },
})
