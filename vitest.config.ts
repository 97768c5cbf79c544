import { join } from 'node:path'
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
    // Files share their worker's modules: importing them again costs more than most files' tests.
    isolate: false,
    // The processes that tests start load compiled code from here instead of stripping types and compiling.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node-compile') },
    // Long enough for a busy machine: only what never happens runs into them.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { interval: 20, timeout: 20_000 } },
    projects: [
      {
        extends: true,
        plugins: [svelte()],
        test: {
          name: 'unit',
          provide: { program: 'server/cli.ts' },
          include: ['test/{repository,shared,server,web}/**/*.test.ts'],
          environment: 'node',
          // The default leaves one core idle, which on a machine with two is half of them.
          maxWorkers: '100%',
          // Tests read the page's design tokens from its CSS.
          css: true,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          provide: { program: 'dist/server/cli.js' },
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          // One file at a time, after the unit tests: a browser and several servers fill the machine.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
