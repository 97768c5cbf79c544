/** Which other features each feature of web/ may import: at most two, and never in a circle. */
export const WEB_FEATURES = {
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
export const WEB_LAYERS = {
  ui: [],
  text: [],
  live: ['text', 'ui'],
  nav: ['live', 'text', 'ui'],
}

/** @returns zones for `import-x/no-restricted-paths`: no folder of web/ imports from a folder that the tables leave out */
export function webZones() {
  const layers = Object.keys(WEB_LAYERS)
  const features = Object.keys(WEB_FEATURES)
  const allowed = {
    ...WEB_LAYERS,
    ...Object.fromEntries(features.map((feature) => [feature, [...layers, ...WEB_FEATURES[feature]]])),
  }
  return [...layers, ...features].map((folder) => {
    const may = [folder, ...allowed[folder]]
    // `ui` knows nothing of the product, so not even what server and page share.
    const from = [...layers, ...features, 'app']
      .filter((other) => !may.includes(other))
      .map((other) => `./web/${other}`)
    if (folder === 'ui') from.push('./shared')
    return {
      target: `./web/${folder}`,
      from,
      message: `web/${folder} may import ${may.slice(1).join(', ') || 'no other folder of web/'} (eslint.boundaries.js).`,
    }
  })
}
