import { registerHooks } from 'node:module'

// The server gets the module named by INSTEAD_OF_KOFFI (of test/koffi/) in place of koffi; without one, koffi cannot be imported,
// as if it were not installed.

const instead = process.env['INSTEAD_OF_KOFFI']
const folder = new URL('../koffi/', import.meta.url).href

registerHooks({
  resolve(name, context, next) {
    if (name !== 'koffi' || context.parentURL?.startsWith(folder) === true) return next(name, context)
    if (instead === undefined) throw new Error('koffi is not installed')
    return { url: `${folder}${instead}`, shortCircuit: true }
  },
})
