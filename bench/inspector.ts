import { once } from 'node:events'
import WebSocket from 'ws'

/** Reads a process's memory through its inspector (node --inspect), so that the product needs no code for this. */
export class Inspector {
  readonly #socket: WebSocket
  #nextId = 1

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  static async open(url: string): Promise<Inspector> {
    const socket = new WebSocket(url)
    await once(socket, 'open')
    return new Inspector(socket)
  }

  /** Bytes in use after garbage collection: the heap and external memory such as buffers. */
  async memoryInUse(): Promise<number> {
    await this.#call('HeapProfiler.collectGarbage', {})
    await this.#call('HeapProfiler.collectGarbage', {})
    const expression = '{ const { heapUsed, external } = process.memoryUsage(); heapUsed + external }'
    const { result } = (await this.#call('Runtime.evaluate', { expression })) as { result: { value: number } }
    return result.value
  }

  async stop(): Promise<void> {
    this.#socket.terminate()
    await once(this.#socket, 'close')
  }

  async #call(method: string, params: object): Promise<unknown> {
    const id = this.#nextId++
    this.#socket.send(JSON.stringify({ id, method, params }))
    for (;;) {
      const [data] = (await once(this.#socket, 'message')) as [Buffer]
      const answer = JSON.parse(data.toString()) as { id?: number; result: unknown }
      if (answer.id === id) return answer.result
    }
  }
}
