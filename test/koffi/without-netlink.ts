import koffi from 'koffi'
import { AF_NETLINK } from '../../server/kernel/netlink.ts'
import { wrapped } from './wrapped.ts'

// A system that refuses netlink sockets, as some sandboxes do.

const EAFNOSUPPORT = 97
let refused = false

export default wrapped(
  (name, call) => {
    if (name !== 'socket') return call
    return (domain, ...rest) => {
      refused = domain === AF_NETLINK
      return refused ? -1 : call(domain, ...rest)
    }
  },
  () => (refused ? EAFNOSUPPORT : koffi.errno()),
)
