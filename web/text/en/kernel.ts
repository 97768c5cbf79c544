import { plural } from './plural.ts'

const sockets = (count: number) => plural(count, { one: 'socket', other: 'sockets' })

/** Texts of the comparison of server and kernel. */
export const kernelMessages = {
  /** @param open whether only open sockets are compared, because others exist */
  line: (count: number, both: string, total: string, open: boolean) =>
    `Server and kernel agree on ${both} of ${total} ${open ? 'open ' : ''}${sockets(count)}`,
  timeWait: (formatted: string) => `${formatted} in TIME_WAIT`,
  differ: (count: number, formatted: string) => `${formatted} ${plural(count, { one: 'differs', other: 'differ' })}`,
  /** Sockets that the latest sample can't have, or that only the latest one has. */
  changing: (formatted: string) => `${formatted} just opened or closed`,
  old: 'as of the last sample',
  open: 'Compare server and kernel',
  heading: 'Server and kernel',
  intro: 'The server’s records of accepted connections, compared with the kernel’s socket table.',
  both: 'In both',
  onlyKernel: 'Only in the kernel',
  onlyServer: 'Only in the server',
  inTimeWait: 'In TIME_WAIT',
  handshakeOnly: 'Only in the client',
  closesMissed: 'Times that closes were missed',
  nothing: 'They match: every server connection is a kernel socket, and vice versa.',
  nothingOpen: 'They match: every open server connection is an open kernel socket, and vice versa.',
  noneDiffers: 'No difference has lasted for two samples.',
  stillChanging: (formatted: string) =>
    `${formatted} just opened or closed: the latest sample is older, or it is the first that shows the change.`,
  more: (formatted: string) => `and ${formatted} more`,
  of: (id: string) => `connection ${id}`,
  noDescriptor: 'no descriptor',
  inode: (inode: string) => `inode ${inode}`,
  received: (bytes: string) => `${bytes} already received`,
  ends: (time: string) => `ends in ${time}`,
  ending: 'ends now',
  kinds: {
    'handshake-only': [
      'Only in the client',
      'These clients on this machine believe they’re connected, but the port has no socket for them. This happens when the accept queue is full and the kernel has answered the SYN with a SYN cookie: it drops the last ACK of the handshake. It stays so until the client sends something.',
    ],
    waiting: ['In the accept queue', 'Handshake complete, not yet taken by accept(). No process owns them.'],
    handshake: ['In the handshake', 'The kernel has answered the SYN and is waiting for the last ACK.'],
    'just-closed': ['Just closed', 'The server closed them after the latest kernel sample.'],
    'time-wait': [
      'TIME_WAIT',
      'The server closed first, so the kernel keeps the 4-tuple for a minute. No process owns these sockets, so they aren’t compared.',
    ],
    'fin-wait': ['FIN_WAIT', 'The server has closed and sent FIN. The client hasn’t sent its own.'],
    'last-ack': ['LAST_ACK or CLOSING', 'Both sides have sent FIN. The client hasn’t acknowledged the server’s.'],
    other: ['Other', 'Sockets on the port without a live server connection.'],
    'only-server': [
      'Only in the server',
      'Accepted after the latest kernel sample, or closed in the kernel before the server noticed.',
    ],
  } satisfies Record<string, [title: string, why: string]>,
  /** The exceptions: sockets in TIME_WAIT that the server didn’t close first. */
  closedBy: { peer: 'both sides closed at the same time', system: 'closed by the system' },
}
