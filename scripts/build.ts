/**
 * `npm run build`: builds the page into dist/web and the server into dist/server. All packages are bundled except
 * koffi, which is native. Does nothing if dist/ is up to date; `--force` builds anyway.
 */
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InlineConfig } from 'vite'
import { plainRoot } from './plain-root.ts'
import { sourcesHash } from './sources-hash.ts'

const { root } = plainRoot()
const dist = join(root, 'dist')
/** Holds the hash of the sources that dist/ was built from. */
const stamp = join(dist, '.sources')
const SOURCES = ['server', 'shared', 'web', 'scripts', 'vite.config.ts', 'package.json', 'package-lock.json']

const PAGE: InlineConfig = { configFile: join(root, 'vite.config.ts'), logLevel: 'warn', root: join(root, 'web') }
/** Fonts are added by hand, because Vite lists only the licenses of code. */
const FONTS = ['inter', 'jetbrains-mono'].map((name) => join('node_modules/@fontsource-variable', name, 'LICENSE'))
const ENTRIES = ['main', 'health', 'listener/main', 'kernel/worker', 'kernel/closes-worker', 'clients/crowd-process']

const SERVER: InlineConfig = {
  configFile: false,
  root: join(root, 'server'),
  publicDir: false,
  // As in vite.config.ts.
  resolve: { preserveSymlinks: true },
  logLevel: 'warn',
  // One file loads faster than a thousand, and `npx oneport` downloads fewer packages.
  ssr: { noExternal: true, external: ['koffi'] },
  build: {
    ssr: true,
    outDir: join(dist, 'server'),
    emptyOutDir: true,
    target: 'node24',
    // Minified code would save 2 MiB of memory, but readable stacks are worth more.
    minify: false,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      input: Object.fromEntries(ENTRIES.map((name) => [name, `server/${name}.ts`])),
      // Chunks must be next to the entry, because server/paths.ts finds files relative to itself.
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', comments: false },
      plugins: [
        file('docs.css', 'server/http/docs/docs.css'),
        // Copied without the bundler, because an old Node has to parse this file as written.
        file('cli.js', 'server/cli.ts', (source) => source.replace("'./main.ts'", "'./main.js'")),
      ],
    },
  },
}

const hash = sourcesHash(root, SOURCES)
if (process.argv.includes('--force') || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
  rmSync(stamp, { force: true })
  process.chdir(root)
  const { build } = await import('vite')
  await build(PAGE)
  for (const font of FONTS) appendFileSync(join(dist, 'web/licenses.md'), `\n---\n\n${readFileSync(font, 'utf8')}`)
  await build(SERVER)
  writeFileSync(stamp, hash)
}

/** A plugin that copies a file into the output. */
function file(fileName: string, path: string, change = (source: string): string => source) {
  return {
    name: fileName,
    generateBundle(this: { emitFile(file: { type: 'asset'; fileName: string; source: string }): unknown }): void {
      this.emitFile({ type: 'asset', fileName, source: change(readFileSync(join(root, path), 'utf8')) })
    },
  }
}
