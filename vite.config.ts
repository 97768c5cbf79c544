import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const SERVER = `http://localhost:${process.env['ONEPORT_UI_PORT'] ?? 3000}`

export default defineConfig({
  root: 'web',
  // The root may be a symbolic link (scripts/plain-root.ts), and has to stay one.
  resolve: { preserveSymlinks: true },
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: '../dist/web',
    license: { fileName: 'licenses.md' },
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // One script, with both languages and the lesson: it comes from this machine or the room's network, and a part that is loaded
    // later is missing when the server has stopped. In kB.
    chunkSizeWarningLimit: 900,
    // On a slow machine it would tell who only starts oneport which plugin took how long.
    rolldownOptions: {
      checks: { pluginTimings: false },
      // By itself it would leave the import to the browser, which shows an empty page then.
      onLog(level, log, report) {
        if (log.code === 'UNRESOLVED_IMPORT') throw new Error(`${log.message}\nRun npm ci.`)
        report(level, log)
      },
    },
  },
  server: { port: 5173, proxy: { '/ws': { target: SERVER, ws: true }, '/api': SERVER, '/healthz': SERVER } },
})
