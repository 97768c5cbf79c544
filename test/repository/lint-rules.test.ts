import { ESLint } from 'eslint'
import { join } from 'node:path'
import ts from 'typescript-eslint'
import { describe, expect, test } from 'vitest'
import { LAYERS, WEB_FEATURES } from '../../eslint.boundaries.ts'
import { layerOf } from '../../scripts/lint/layers.ts'

const root = join(import.meta.dirname, '../..')
/** The first test loads ESLint, and the last ones load TypeScript's program of the page. */
const SLOW = { timeout: 60_000 }

describe('the lint rules for imports', SLOW, () => {
  // Rules with types would load the whole program, and these tests do not need them.
  const eslint = new ESLint({ cwd: root, overrideConfig: { files: ['**/*'], ...ts.configs.disableTypeChecked } })
  const complaints = (path: string, code: string) => messages(eslint, path, code, 'oneport/')

  test.each([
    ['an import', "import { Hub } from '../table/hub.ts'\nvoid Hub"],
    ['a type', "import type { Hub } from '../table/hub.ts'\nexport type A = Hub"],
    ['the type of an import()', "export type A = import('../table/hub.ts').Hub"],
    ['a dynamic import', "export const hub = await import('../table/hub.ts')"],
    ['a dynamic import inside a function', 'export const load = () => import(`../table/hub.ts`)'],
    ['a re-export', "export { Hub } from '../table/hub.ts'"],
    ['a re-export of all', "export * from '../table/hub.ts'"],
    ['a re-exported type', "export type { Hub } from '../table/hub.ts'"],
  ])('refuse %s across a boundary', async (_, code) => {
    expect(await complaints('server/listener/limits.ts', code)).toEqual([
      'server/listener may not import server/table.',
    ])
  })

  test.each([
    ['web/ui/labels.ts', '../../shared/endpoint.ts', 'web/ui may not import shared.'],
    ['web/ui/labels.ts', '../text/messages.ts', 'web/ui may not import web/text.'],
    ['web/kernel/differences.ts', '../lesson/lesson.svelte.ts', 'web/kernel may not import web/lesson.'],
    ['web/live/clock.ts', '../../server/config/config.ts', 'web/live may not import server/config.'],
    ['web/live/clock.ts', 'node:net', 'web/live may not import node:net.'],
    ['web/live/clock.ts', 'typebox', 'web/live may not import typebox.'],
    ['shared/endpoint.ts', 'node:net', 'shared may not import node:net.'],
    ['shared/endpoint.ts', '../web/live/clock.ts', 'shared may not import web/live.'],
    ['server/http/access/access.ts', '../routes/join.ts', 'server/http/access may not import server/http/routes.'],
    ['server/kernel/sampler.ts', '../../test/tools.ts', 'server/kernel may not import test.'],
    [
      'server/http/routes/join.ts',
      '../../ports/actions.ts',
      'server/http/routes may import types only from server/ports. Use `import type`.',
    ],
    [
      'web/nothing/here.ts',
      '../../shared/endpoint.ts',
      'This file is in no layer. Add its folder to eslint.boundaries.ts.',
    ],
  ])('keep %s from importing %s', async (path, target, message) => {
    expect(await complaints(path, `import * as it from '${target}'\nvoid it`)).toEqual([message])
  })

  test('look into the scripts and the markup of a component', async () => {
    const code = `
      <script lang="ts">
        import { parseEndpoint } from '../../shared/endpoint.ts'
      </script>
      <p>{parseEndpoint('')}</p>
      {#await import('../text/messages.ts')}…{/await}`
    expect(await complaints('web/ui/Dialog.svelte', code)).toEqual([
      'web/ui may not import shared.',
      'web/ui may not import web/text.',
    ])
  })

  test('refuse a cycle of files, made of types as well', async () => {
    const code = "import type { DemuxSocket } from './demux.ts'\nexport type A = DemuxSocket"
    expect(await complaints('shared/endpoint.ts', code)).toEqual([
      'Import cycle: shared/endpoint.ts -> shared/demux.ts -> shared/endpoint.ts',
    ])
  })

  test('refuse a cycle through a component', async () => {
    const [message] = await complaints('web/ui/labels.ts', "export const load = () => import('./Dialog.svelte')")
    expect(message).toMatch('Import cycle: web/ui/labels.ts -> web/ui/Dialog.svelte -> ')
  })

  test('allow what the layers allow', async () => {
    const code = `
      import { once } from 'node:events'
      import type { ListenerOptions } from '../listener/messages.ts'
      import { ConnectionTable } from '../table/table.ts'
      export { familyOf } from '../../shared/endpoint.ts'
      export type Options = [ListenerOptions, import('../config/config.ts').Config]
      export const load = () => [once, ConnectionTable, import('../kernel/sampling.ts')]`
    expect(await complaints('server/ports/listening-port.ts', code)).toEqual([])
  })
})

test('a feature of the page imports at most two others, and never in a circle', () => {
  const reached = (feature: string): string[] =>
    (WEB_FEATURES[feature] ?? []).flatMap((other) => [other, ...reached(other)])
  for (const [feature, others] of Object.entries(WEB_FEATURES)) {
    expect(others.length, feature).toBeLessThanOrEqual(2)
    expect(reached(feature), feature).not.toContain(feature)
  }
})

test('a file belongs to the layer of the longest path, and a new folder of the page to none', () => {
  const layer = (file: string) => layerOf(file, LAYERS)?.path
  expect(layer('server/http/routes/join.ts')).toBe('server/http/routes')
  expect(layer('server/http/server.ts')).toBe('server/http')
  expect(layer('server/app.ts')).toBe('server')
  expect(layer('vite.config.ts')).toBe('')
  expect(layer('web/nothing/here.ts')).toBeUndefined()
})

describe('the lint rules for promises', SLOW, () => {
  // The program of the page is enough.
  const languageOptions = { parserOptions: { project: ['web/tsconfig.json'] } }
  const eslint = new ESLint({ cwd: root, overrideConfig: { files: ['**/*'], languageOptions } })
  const complaints = async (path: string, code: string) =>
    messages(eslint, path, code, '@typescript-eslint/no-floating-promises')

  test('refuse one that nobody waits for', async () => {
    expect(await complaints('web/live/clock.ts', "Promise.resolve('lost')")).toHaveLength(1)
    expect(await complaints('web/live/clock.ts', "void Promise.resolve('meant')")).toEqual([])
  })

  test('refuse it in a component', async () => {
    const code = `<script lang="ts">\n  import { tick } from 'svelte'\n  tick()\n</script>`
    expect(await complaints('web/ui/Dialog.svelte', code)).toHaveLength(1)
  })
})

/** The messages of the rules whose name starts with `rules`. */
async function messages(eslint: ESLint, path: string, code: string, rules: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, path) })
  const found = result?.messages ?? []
  // A snippet that cannot be parsed would prove nothing.
  expect(found.filter(({ fatal }) => fatal)).toEqual([])
  return found.filter(({ ruleId }) => ruleId?.startsWith(rules)).map(({ message }) => message)
}
