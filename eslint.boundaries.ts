import type { Layer } from './scripts/lint/layers.ts'

// Who may import whom. A file belongs to the layer whose path is the longest match. Whatever is not listed is
// forbidden. `import()`, `export … from` and type imports obey the same rules. ARCHITECTURE.md gives the reasons.

/** The other features that each feature of web/ may import: at most two, and no cycles. */
export const WEB_FEATURES: Record<string, string[]> = {
  act: [],
  class: ['clients'],
  clients: [],
  connection: ['act', 'stream'],
  events: ['act', 'list'],
  experiments: ['lookup'],
  kernel: [],
  lesson: ['lookup'],
  list: ['act'],
  lookup: [],
  palette: ['list'],
  picture: ['connection', 'list'],
  ports: [],
  stream: ['act'],
}

/** The layers below the features, and what each of them may import. `app` composes the page and may import everything. */
const WEB_LAYERS: Record<string, string[]> = {
  ui: [],
  text: [],
  live: ['text', 'ui'],
  nav: ['live', 'text', 'ui'],
}

export const LAYERS: Layer[] = [
  { path: 'package.json', may: [] },
  { path: 'shared', may: [], packages: ['typebox'] },
  ...serverLayers(),
  ...webLayers(),
  // Tests, benchmarks, scripts and configuration files may import everything. Nothing may import them.
  ...['test', 'bench', 'scripts', ''].map((path): Layer => ({ path, may: 'everything' })),
]

/**
 * Facts flow from listener/ through table/ to http/. ports/ connects listener, kernel and table, and app.ts passes it
 * to http/.
 */
function serverLayers(): Layer[] {
  // Small files used by the whole server, which import none of its other files.
  const basics = ['cache', 'clock', 'descriptors', 'host-name', 'libc', 'listener-failure', 'own-address', 'paths'].map(
    (name) => `server/${name}.ts`,
  )
  const layer = (path: string, may: string[] = [], types: string[] = []): Layer => ({
    path,
    may: ['shared', ...basics, ...may],
    types,
  })
  const httpBasics = ['server/http/codes.ts', 'server/http/errors.ts', 'server/http/schemas']
  const access = 'server/http/access'
  const services = 'server/http/services.ts'

  const http = [
    layer('server/http/codes.ts'),
    layer('server/http/errors.ts', ['server/http/codes.ts', access]),
    layer('server/http/schemas', ['server/http/codes.ts', 'server/http/errors.ts']),
    layer(services, [], ['server/class', 'server/clients', 'server/ports', 'server/table']),
    layer(access, [...httpBasics, 'server/class']),
    layer('server/http/docs', httpBasics),
    layer('server/http/lists'),
    layer('server/http/stream', [...httpBasics, access, 'server/table'], ['server/class', 'server/ports', services]),
    layer(
      'server/http/routes',
      [...httpBasics, access, 'server/http/lists', 'server/table', 'server/class', 'server/clients', 'server/pcapng'],
      ['server/ports', services],
    ),
  ]
  const parts = [
    layer('server/config', ['package.json']),
    layer('server/listener'),
    layer('server/kernel'),
    layer('server/clients'),
    layer('server/class', ['server/clients']),
    layer('server/pcapng'),
    layer('server/table', ['server/kernel'], ['server/listener']),
    layer('server/ports', ['server/kernel', 'server/table'], ['server/config', 'server/listener']),
    // server.ts combines the folders of http/.
    layer('server/http', pathsOf(http)),
  ]
  return [
    ...basics.map((path) => layer(path)),
    ...http,
    ...parts,
    // app.ts combines the parts of the server, and main.ts starts it.
    layer('server', ['package.json', ...pathsOf(parts)]),
  ]
}

/** A feature may import the layers below it and at most two other features. */
function webLayers(): Layer[] {
  const folders = (names: string[]): string[] => names.map((name) => `web/${name}`)
  const layer = (path: string, may: string[]): Layer => ({ path, may, packages: 'browser', notLoaded: ['typebox'] })
  const below = ['shared', ...folders(Object.keys(WEB_LAYERS))]
  const features = folders(Object.keys(WEB_FEATURES))

  return [
    ...Object.entries(WEB_LAYERS).map(([name, may]) =>
      // ui/ knows nothing about the product, not even shared/.
      layer(`web/${name}`, name === 'ui' ? folders(may) : ['shared', ...folders(may)]),
    ),
    ...Object.entries(WEB_FEATURES).map(([name, may]) => layer(`web/${name}`, [...below, ...folders(may)])),
    layer('web/app', [...below, ...features]),
    // Starts the page and loads all styles.
    layer('web/main.ts', [...below, ...features, 'web/app']),
  ]
}

function pathsOf(layers: Layer[]): string[] {
  return layers.map(({ path }) => path)
}
