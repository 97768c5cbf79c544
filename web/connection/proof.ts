import type { Endpoint } from '../../shared/endpoint.ts'
import type { Listener } from '../../shared/stream.ts'
import { messages } from '../text/messages.ts'
import type { Row } from '../live/row.ts'

export interface ProofSocket {
  name: string
  inode: number | null
  fd: number | null
  local: Endpoint
  remote: Endpoint | null
}

/** The proof of "one port, many sockets": the listening socket, this one, and one more live socket. */
export function proofSockets(
  listener: Pick<Listener, 'state' | 'inode' | 'fd' | 'local'>,
  row: Row,
  live: Iterable<Row>,
): ProofSocket[] {
  const text = messages.connection.proof
  const { state, inode, fd, local } = listener
  const sockets = [socket(text.this, row)]
  // While the server shuts down, there is no listening socket.
  if (state !== 'stopping') sockets.unshift({ name: text.listening, inode, fd, local, remote: null })
  for (const other of live) {
    // Prefer a socket with a known inode, if inodes are known at all.
    if (other.id === row.id || (other.kernel === null && row.kernel !== null)) continue
    sockets.push(socket(text.another(String(other.id)), other))
    break
  }
  return sockets
}

function socket(name: string, { kernel, fd, local, remote }: Row): ProofSocket {
  // Inode 0: no process holds the socket any longer.
  return { name, inode: kernel?.inode || null, fd, local, remote }
}
