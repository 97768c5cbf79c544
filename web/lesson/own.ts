import { type Endpoint, sameAddress } from '../../shared/endpoint.ts'
import { type Own, tupleOf } from './facts.ts'

interface Ends {
  local: Endpoint
  remote: Endpoint | null
}

export function isOwn(own: Own, socket: Ends): boolean {
  const tuple = tupleOf(socket)
  if (own.claimed.has(tuple)) return true
  return own.address !== null && socket.remote !== null && !own.denied.has(tuple) && isHere(own.address, socket.remote)
}

/** On this machine, `localhost` is ::1 for one program and 127.0.0.1 for another. */
const LOCALHOST = ['127.0.0.1', '::1']

function isHere(address: string, remote: Endpoint): boolean {
  return sameAddress(address, remote.address) || (LOCALHOST.includes(address) && LOCALHOST.includes(remote.address))
}

/** @param gateway the container's, which is the address of every client from outside */
export function pageAddress(readerAddress: string | null, gateway: string | null): string | null {
  return readerAddress === gateway ? null : readerAddress
}
