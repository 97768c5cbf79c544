import { plural } from './plural.ts'

const sockets = (count: number) => plural(count, { one: 'socket', other: 'sockets' })

/** Texts of the comparison of server and kernel. */
export const kernelMessages = {
  /** @param open whether there are others, which nobody can agree on */
  line: (count: number, both: string, total: string, open: boolean) =>
    `Server and kernel agree on ${both} of ${total} ${open ? 'open ' : ''}${sockets(count)}`,
  timeWait: (formatted: string) => `${formatted} in TIME_WAIT`,
  differ: (count: number, formatted: string) => `${formatted} ${plural(count, { one: 'differs', other: 'differ' })}`,
  old: 'as of the last look',
  open: 'What differs, and why',
  heading: 'Server and kernel',
  intro:
    'Two witnesses of one port: the server’s own record of every connection it accepted, and the kernel’s table of sockets.',
  both: 'In both',
  onlyKernel: 'Only in the kernel',
  onlyServer: 'Only in the server',
  inTimeWait: 'In TIME_WAIT',
  nothing: 'Nothing differs: every connection of the server is a socket in the kernel, and the other way round.',
  nothingOpen:
    'Nothing differs: every open connection of the server is an open socket in the kernel, and the other way round.',
  more: (formatted: string) => `and ${formatted} more`,
  of: (id: string) => `connection ${id}`,
  noDescriptor: 'no descriptor',
  inode: (inode: string) => `inode ${inode}`,
  received: (bytes: string) => `${bytes} already received`,
  ends: (time: string) => `ends in ${time}`,
  ending: 'ends now',
  kinds: {
    waiting: ['Waiting to be accepted', 'The handshake is done; no accept() has taken them. No process holds them.'],
    handshake: ['In the handshake', 'The kernel has answered their SYN and waits for the last ACK.'],
    'just-closed': ['Just closed', 'The server’s record is closed; the newest look at the kernel was before that.'],
    'time-wait': [
      'TIME_WAIT',
      'The server closed first, so the kernel keeps the 4-tuple for a minute. No process holds them, so they are nobody’s to agree on.',
    ],
    'fin-wait': ['FIN_WAIT', 'Our side has closed and sent FIN; the client has not answered with its own.'],
    'last-ack': ['LAST_ACK or CLOSING', 'Both sides have sent FIN; ours is not acknowledged yet.'],
    other: ['Others', 'Sockets of the port that are no live connection of the server.'],
    'only-server': [
      'Only in the server',
      'Accepted after the newest look at the kernel, or gone there before the server has heard of it.',
    ],
  } satisfies Record<string, [title: string, why: string]>,
  /** Where it was not the server, as for all others in TIME_WAIT. */
  closedBy: { peer: 'both closed at once', system: 'the system ended it' },
}
