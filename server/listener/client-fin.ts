import type { Socket } from 'node:net'
import { descriptor } from './handle.ts'

// Asks the kernel whether the client's FIN has arrived. Node reports a FIN only after reading all bytes before the FIN.

/** The states of a socket whose peer has sent FIN first (RFC 9293, 3.3.2), by the kernel's numbers (include/net/tcp_states.h). */
const CLOSE_WAIT = 8
const LAST_ACK = 9
const IPPROTO_TCP = 6
const TCP_INFO = 11

let ask: ((fd: number) => number | null) | null = null

/** Call it before `clientFinFirst`: most listener processes never need libc. */
export async function loadClientFin(): Promise<void> {
  if (ask !== null) return
  const { loadLibc } = await import('../libc.ts')
  const libc = await loadLibc()
  // The first byte of tcp_info is the state.
  const state = Buffer.alloc(1)
  const length = Buffer.alloc(4)
  ask = (fd) => {
    length.writeUInt32LE(state.length)
    return libc?.getsockopt(fd, IPPROTO_TCP, TCP_INFO, state, length) === 0 ? state.readUInt8() : null
  }
}

/** Whether the client's FIN has reached the kernel before any of ours (tcp(7), TCP_INFO); null if the kernel cannot be asked. */
export function clientFinFirst(socket: Socket): boolean | null {
  const state = ask?.(descriptor(socket)) ?? null
  return state === null ? null : state === CLOSE_WAIT || state === LAST_ACK
}
