import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

// By address: for localhost, Node would try ::1 first, where another program may listen.
const SERVER = `http://127.0.0.1:${process.env['ONEPORT_UI_PORT'] ?? 3000}`

export default defineConfig({
  root: 'web',
  // Relative, so the page also works under a path of a reverse proxy.
  base: './',
  // The root may be a symbolic link (scripts/plain-root.ts), which must not be resolved.
  resolve: { preserveSymlinks: true },
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: '../dist/web',
    license: { fileName: 'licenses.md' },
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Limit in kB. Everything is one script, with both languages and the lesson: the network is local, and a part
    // loaded later would be missing once the server has stopped.
    chunkSizeWarningLimit: 900,
    // On a slow machine, the warning about slow plugins would only confuse people who want to start oneport.
    rolldownOptions: {
      checks: { pluginTimings: false },
      // Vite's default is a warning, and then the page stays empty in the browser.
      onLog(level, log, report) {
        if (log.code === 'UNRESOLVED_IMPORT') throw new Error(`${log.message}\nRun npm ci.`)
        report(level, log)
      },
    },
  },
  server: { port: 5173, proxy: { '/ws': { target: SERVER, ws: true }, '/api': SERVER, '/healthz': SERVER } },
})
