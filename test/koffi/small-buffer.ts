import { wrapped } from './wrapped.ts'

// A kernel whose netlink sockets hold only two or three messages.

const SO_RCVBUF = 8
const SO_RCVBUFFORCE = 33

export default wrapped((name, call) => {
  if (name !== 'setsockopt') return call
  return (fd, level, option, value, length) => {
    const smallest = option === SO_RCVBUF || option === SO_RCVBUFFORCE ? Buffer.alloc(4) : value
    return call(fd, level, option, smallest, length)
  }
})
