import type { Layer } from './scripts/lint/layers.ts'

// Who may import whom. A file belongs to the layer with the longest path that fits. What is not listed is forbidden.
// `import()`, `export … from` and types obey the same rules. ARCHITECTURE.md says why.

/** Which other features each feature of web/ may import: at most two, and never in a circle. */
export const WEB_FEATURES: Record<string, string[]> = {
  act: ['stream'],
  class: [],
  connection: ['act', 'stream'],
  experiments: ['lookup'],
  kernel: [],
  lesson: ['lookup'],
  list: ['act'],
  lookup: [],
  picture: ['connection', 'list'],
  ports: [],
  stream: [],
}

/** What lies below the features, and which of it each layer may import. `app` composes the page and may import everything. */
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
  // Tests, benchmarks, scripts and the configuration files see everything, and nothing of oneport sees them.
  ...['test', 'bench', 'scripts', ''].map((path): Layer => ({ path, may: 'everything' })),
]

/** Facts flow from listener over table to http. ports/ ties listener, kernel and table together, and app.ts hands it to http. */
function serverLayers(): Layer[] {
  // Small files for the whole server, which import nothing of it.
  const basics = ['descriptors', 'libc', 'listener-failure', 'own-address', 'paths'].map((name) => `server/${name}.ts`)
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
    layer(services, [], ['server/clients', 'server/ports', 'server/table']),
    layer(access, httpBasics),
    layer('server/http/docs', httpBasics),
    layer('server/http/stream', [...httpBasics, access, 'server/table'], ['server/ports', services]),
    layer('server/http/routes', [...httpBasics, access, 'server/table', 'server/clients'], ['server/ports', services]),
  ]
  const parts = [
    layer('server/config', ['package.json']),
    layer('server/listener'),
    layer('server/kernel'),
    layer('server/clients'),
    layer('server/table', ['server/kernel'], ['server/listener']),
    layer('server/ports', ['server/kernel', 'server/table'], ['server/config', 'server/listener']),
    // server.ts puts the folders of http/ together.
    layer('server/http', pathsOf(http)),
  ]
  return [
    ...basics.map((path) => layer(path)),
    ...http,
    ...parts,
    // app.ts puts the server together, and main.ts starts it.
    layer('server', ['package.json', ...pathsOf(parts)]),
  ]
}

/** A feature imports the layers below and at most two other features. */
function webLayers(): Layer[] {
  const folders = (names: string[]): string[] => names.map((name) => `web/${name}`)
  const layer = (path: string, may: string[]): Layer => ({ path, may, packages: 'browser', notLoaded: ['typebox'] })
  const below = ['shared', ...folders(Object.keys(WEB_LAYERS))]
  const features = folders(Object.keys(WEB_FEATURES))

  return [
    ...Object.entries(WEB_LAYERS).map(([name, may]) =>
      // ui/ knows nothing of the product, not even what server and page share.
      layer(`web/${name}`, name === 'ui' ? folders(may) : ['shared', ...folders(may)]),
    ),
    ...Object.entries(WEB_FEATURES).map(([name, may]) => layer(`web/${name}`, [...below, ...folders(may)])),
    layer('web/app', [...below, ...features]),
    // It starts the page and brings all styles.
    layer('web/main.ts', [...below, ...features, 'web/app']),
  ]
}

function pathsOf(layers: Layer[]): string[] {
  return layers.map(({ path }) => path)
}
