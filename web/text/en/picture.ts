import { plural } from './plural.ts'

const sockets = (count: number) => plural(count, { one: 'connected socket', other: 'connected sockets' })
const clients = (count: number) => plural(count, { one: 'client address', other: 'client addresses' })

/** Texts of the picture of the port. */
export const pictureMessages = {
  label: 'Picture of the port',
  clients: (count: number, formatted: string) => `${formatted} ${clients(count)}`,
  port: (port: number) => `port ${port}`,
  sockets: (count: number, formatted: string) => `${formatted} ${sockets(count)}`,
  /** Where there is no room for the words above. */
  fewer: {
    clients: (count: number, formatted: string) =>
      `${formatted} ${plural(count, { one: 'address', other: 'addresses' })}`,
    sockets: (count: number, formatted: string) => `${formatted} ${plural(count, { one: 'socket', other: 'sockets' })}`,
  },
  oneForEach: 'one for each connection',
  nobody: 'No connections yet. Connect from a terminal to see a new socket appear:',
  listening: 'Listening socket',
  carries: 'waits, carries no data',
  notAccepting: 'not accepting',
  noListening: 'No listening socket',
  portClosed: 'closed to new clients',
  descriptor: (fd: string) => `descriptor ${fd}`,
  fd: (fd: string) => `fd ${fd}`,
  inode: (inode: string) => `inode ${inode}`,
  queue: (length: string, limit: string) => `Accept queue: ${length} of ${limit}`,
  queueUnknown: 'Accept queue: unknown',
  waiting: 'In the accept queue, not accepted yet: no descriptor, inode 0',
  /** For two or more only. */
  fromOne: (formatted: string) => `${formatted} from one IP`,
  unknownClient: 'address unknown',
  others: (count: number, formatted: string) =>
    `${formatted} more ${plural(count, { one: 'address', other: 'addresses' })}`,
  ofAddress: (address: string, count: number, formatted: string) => `${address}: ${formatted} ${sockets(count)}`,
  readingStopped: 'Server not reading',
  timeWait: (left: string) => `TIME_WAIT ${left}`,
  timeWaitMore: (formatted: string) => `${formatted} in TIME_WAIT`,
  legend: {
    open: 'open',
    half: 'half-closed',
    stopped: 'server not reading',
    warning: 'problem',
    critical: 'bytes don’t arrive',
    fin: 'FIN',
    reset: 'RST',
    timeWait: 'TIME_WAIT',
    toServer: 'bytes to the server',
    toClient: 'bytes to the client',
  },
  /** Describes the drawing to a screen reader. */
  summary: (of: {
    port: number
    /** There is a listening socket. */
    listening: boolean
    live: string
    count: number
    addresses: string
    addressCount: number
    waiting: string
    half: string
    stopped: string
    /** Such as "2 need attention". */
    attention: string
    timeWait: string
  }) =>
    `Port ${of.port}: ${
      of.listening
        ? `one listening socket, which carries no data, with ${of.waiting} waiting in its accept queue`
        : 'no listening socket, because the server is shutting down'
    }. ` +
    `${of.live} ${sockets(of.count)} on the same port, from ${of.addresses} ${clients(of.addressCount)}: ` +
    `${of.half} half-closed, ${of.stopped} that the server doesn’t read, ${of.attention}. ${of.timeWait} in TIME_WAIT.`,
  help: 'Move between sockets with the arrow keys and open one with Enter. The list shows the same connections as text.',
}
