import { once } from 'node:events'
import { connect } from 'node:net'

/**
 * The answer to an HTTP request sent byte for byte: fetch would mend or refuse a wrong Host, path or method.
 * Gives the status code and the rest of the answer; the connection is closed by the server.
 */
export async function rawRequest(port: number, lines: string[]): Promise<{ status: number; text: string }> {
  const socket = connect({ host: '127.0.0.1', port })
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'))
  await once(socket, 'end')
  socket.destroy()
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text }
}
