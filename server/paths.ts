import { join } from 'node:path'

// Files that the server needs at run time. The build puts all code into dist/server with these folders, so no other
// module may depend on its own path.

const built = import.meta.filename.endsWith('.js')
const extension = built ? '.js' : '.ts'

/** Entry point of the listener process. */
export const LISTENER_ENTRY = join(import.meta.dirname, `listener/main${extension}`)
/** Entry point of the sampling thread. */
export const SAMPLER_ENTRY = join(import.meta.dirname, `kernel/worker${extension}`)
/** Entry point of the thread that hears of every close. */
export const CLOSES_ENTRY = join(import.meta.dirname, `kernel/closes-worker${extension}`)
/** Entry point of the process that holds a crowd of clients. */
export const CROWD_ENTRY = join(import.meta.dirname, `clients/crowd-process${extension}`)
/** Folder of the built page. */
export const PAGE_FOLDER = join(import.meta.dirname, built ? '../web' : '../dist/web')
