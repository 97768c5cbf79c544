import { once } from 'node:events'
import { connect } from 'node:net'

/** A connection within this machine takes far less. Milliseconds. */
const CONNECT_MS = 500

/**
 * The name or address by which programs on this machine reach our socket that listens on this address and port:
 * `localhost` if possible. For that name, browsers and nc try ::1 first. `taken`: another program listens there.
 */
export async function localName(address: string, port: number): Promise<{ name: string; taken: boolean }> {
  if (address === '::') return { name: 'localhost', taken: false }
  if (address !== '127.0.0.1' && address !== '0.0.0.0') return { name: address, taken: false }
  const taken = await answers('::1', port)
  return { name: taken ? '127.0.0.1' : 'localhost', taken }
}

async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) })
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
