import { createServer, type Server } from 'node:net'
import type { Endpoint } from '../../shared/endpoint.ts'
import type { ListenTrial } from '../../shared/listen-trial.ts'

/** Two addresses of this machine that no service is usually bound to. */
const [FIRST, SECOND] = ['127.0.0.2', '127.0.0.3'] as const

/** Shows which listening sockets can share a port number: it opens some, as other programs would, and closes them at once. */
export class ListenTrials {
  readonly #own: () => Endpoint
  #running: Promise<ListenTrial[]> | null = null

  /** @param own the endpoint of the server's listening socket */
  constructor(own: () => Endpoint) {
    this.#own = own
  }

  /**
   * Tries the server's port at another address. Then a port that the kernel chooses: at that address, at a second address, and at the
   * first one again. All sockets are open until the last attempt. Those who ask meanwhile get the same answer.
   */
  run(): Promise<ListenTrial[]> {
    this.#running ??= this.#run().finally(() => (this.#running = null))
    return this.#running
  }

  async #run(): Promise<ListenTrial[]> {
    const own = this.#own()
    const open: Server[] = []
    const trials: ListenTrial[] = []
    const attempt = async (address: string, port: number): Promise<number> => {
      const tried = await listen({ address, port })
      if (tried.server !== null) open.push(tried.server)
      trials.push({ local: tried.local, code: tried.code })
      return tried.local.port
    }
    try {
      await attempt(own.address === FIRST ? SECOND : FIRST, own.port)
      const port = await attempt(FIRST, 0)
      // Without the first address, there is no port to compare.
      if (port !== 0) for (const address of [SECOND, FIRST]) await attempt(address, port)
      return trials
    } finally {
      await Promise.all(open.map((server) => new Promise((resolve) => server.close(resolve))))
    }
  }
}

/** @returns the listening socket, or the errno's name with which the kernel refused it */
function listen(local: Endpoint): Promise<ListenTrial & { server: Server | null }> {
  // Nobody is served here.
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve) => {
    server.once('error', ({ code = 'UNKNOWN' }: NodeJS.ErrnoException) => resolve({ local, code, server: null }))
    server.listen({ host: local.address, port: local.port, exclusive: true }, () => {
      const bound = server.address()
      const port = typeof bound === 'object' && bound !== null ? bound.port : local.port
      resolve({ local: { ...local, port }, code: null, server })
    })
  })
}
