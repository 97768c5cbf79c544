import { join } from 'node:path'

// Files that the server finds at run time. `npm run build` puts all code of the server into dist/server, whose folders have the
// names of these; there is no other place that may depend on where a module is.

const built = import.meta.filename.endsWith('.js')
const extension = built ? '.js' : '.ts'

/** What the listener process runs. */
export const LISTENER_ENTRY = join(import.meta.dirname, `listener/main${extension}`)
/** What the sampling thread runs. */
export const SAMPLER_ENTRY = join(import.meta.dirname, `kernel/worker${extension}`)
/** The built page. */
export const PAGE_FOLDER = join(import.meta.dirname, built ? '../web' : '../dist/web')
