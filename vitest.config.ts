import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// The root may be a symbolic link (scripts/plain-root.ts), which must not be resolved.
const resolve = { preserveSymlinks: true }

/** Without durations of earlier runs, as in CI, vitest starts the largest files first. The one that takes longest is small. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('/e2e/axe.test.ts')
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  resolve,
  test: {
    // .ci/run counts the tests in this report.
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'node_modules/.cache/vitest.json' }]]
      : ['default'],
    // Test files share the modules of their worker, because importing them again takes longer than most tests.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // A compile cache for the processes that tests start, so that each process need not strip types and compile
    // again.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node-compile') },
    // Generous enough for a busy machine; only something that never happens reaches these limits.
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
          // They wait more than they compute: two at a time leave a quarter of a machine with two cores idle.
          maxWorkers: Math.ceil(availableParallelism() * 1.5),
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
          // After the unit tests, and never more than two files: each has a browser and several servers. Three were tried: the
          // longest tests then exceed their limits.
          maxWorkers: 2,
          // Two browsers and the static checks share CI's two cores, and a page may miss a moment that a test waits for.
          retry: process.env['CI'] ? 1 : 0,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
