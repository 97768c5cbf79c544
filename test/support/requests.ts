import { once } from 'node:events'
import { connect } from 'node:net'

/**
 * Sends an HTTP request byte for byte: fetch would correct or refuse a wrong Host, path or method.
 * Returns the status code and the whole answer, once the server has closed the connection.
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
