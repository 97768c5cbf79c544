import { plural } from './plural.ts'

const clients = (count: number) => plural(count, { one: 'client', other: 'clients' })

/** Texts of the experiments with built-in clients. */
export const experimentsMessages = {
  open: 'Experiments',
  heading: 'Try to break it',
  intro: 'Each experiment opens real clients on this machine and compares the result with a prediction.',
  run: 'Run',
  running: 'Running…',
  cleanUp: 'Clean up',
  acceptAgain: 'Resume accepting',
  cleaned: 'Cleaned up.',
  predicted: 'Prediction',
  happened: 'Result',
  verdicts: { yes: 'As predicted', no: 'Not as predicted', pending: 'Not yet' },
  closeAll: 'Close all built-in clients',
  closedAll: (count: number, formatted: string) => `${formatted} ${clients(count)} closed.`,
  count: 'Clients',
  countFault: (limit: string) =>
    `Type a number from 1 to ${limit}, the most built-in clients that can be open at once.`,
  more: (formatted: string) => `and ${formatted} more`,
  accepted: (id: string) => `accepted as connection ${id}`,
  waiting: 'waits in the accept queue',
  refused: (code: string) => `refused: ${code}`,
  inTheWay: (id: string) => `Connection ${id} has this 4-tuple`,
  counts: {
    accepted: (count: string) => `${count} accepted`,
    waiting: (count: string) => `${count} waiting`,
    refused: (count: string) => `${count} refused`,
  },
  served: (id: string) => `waited, then accepted as connection ${id}`,
  ended: (how: string) => `then: ${how}`,
  still: 'still open',
  sendQueue: (bytes: string) => `· ${bytes} in the send queue`,
  recvQueue: (bytes: string) => `· ${bytes} in the receive queue`,
  sent: (bytes: string) => `${bytes} sent to the server`,
  needsPort: 'Needs a server that listens on every address.',
  needsKernel: 'Needs kernel data to show the queues.',
  needsSwitch: 'Needs Linux and the koffi package to stop accepting.',
  needsEcho: 'Needs a server that sends data: echo or chargen.',
  list: {
    'same-port': [
      'The same port from two IPs',
      'Both are accepted: the 4-tuples differ in the remote IP.',
      'the same port from 127.0.0.2 and from 127.0.0.3',
    ],
    'two-servers': [
      'One client endpoint, two server addresses',
      'Both are accepted: the 4-tuples differ in the local IP.',
      'the same port of 127.0.0.2, to 127.0.0.1 and to 127.0.0.3',
    ],
    'same-tuple': [
      'The same 4-tuple twice',
      'The first is accepted. The kernel refuses the second before it sends a packet.',
      'the same port of 127.0.0.2, to 127.0.0.1, twice',
    ],
    burst: [
      'Many clients at once',
      'Each gets its own socket. All sockets have the same local port.',
      '127.0.0.1, with ports the kernel chooses',
    ],
    fin: [
      'A client closes with FIN',
      'The server reads the end of the stream and closes its side too. State: closed by client, FIN.',
      'close()',
    ],
    reset: [
      'A client closes with RST',
      'Both directions end at once. State: reset by client.',
      'close() with SO_LINGER 0',
    ],
    half: [
      'A client closes only its side',
      'The server’s socket goes to CLOSE_WAIT. With echo, the server closes once it has sent everything back.',
      'shutdown(SHUT_WR)',
    ],
    'stop-reading': [
      'A client stops reading',
      'The client’s window closes. Bytes wait in the server’s send queue, then in its receive queue. None are lost.',
      '4 MB to echo, without read()',
    ],
    'stop-accepting': [
      'The server stops accepting',
      'Three clients still complete the handshake and wait in the accept queue: inode 0, no descriptor, 6 bytes received.',
      'no accept(); three clients connect and send 6 bytes',
    ],
  } satisfies Record<string, [title: string, prediction: string, how: string]>,
  readOnly: 'This page is read-only: you can read the experiments but not run them.',
}
