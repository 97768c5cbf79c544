import { registerHooks } from 'node:module'

// koffi cannot be imported, as if it were not installed.
registerHooks({
  resolve(name, context, next) {
    if (name === 'koffi') throw new Error('koffi is not installed')
    return next(name, context)
  },
})
